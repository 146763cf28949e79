import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createSqliteLedger } from '../../lib/adapters/ledger/local-sqlite.ts';
import { openDatabase } from '../../lib/adapters/sqlite.ts';
import { noteStateClock, type StateClock } from '../../lib/adapters/sqlite-clock.ts';
import { InfrastructureError } from '../../lib/domain/errors.ts';
import { temporaryFolder } from '../support/vitest/temporary-folder.ts';

test.each<[StateClock, StateClock]>([
  ['real', 'rehearsal'],
  ['rehearsal', 'real'],
])('a state that is %s once stays so, whoever comes later', (first, second) => {
  const file = join(temporaryFolder(), 'state.sqlite');
  expect(noteStateClock(file, first)).toBe(first);
  expect(noteStateClock(file, second)).toBe(first);
  expect(noteStateClock(file, first)).toBe(first);
});

test('a state is told apart beside ledger and queue, in whatever order they are made', () => {
  const file = join(temporaryFolder(), 'state.sqlite');
  createSqliteLedger({ file }).close();
  expect(noteStateClock(file, 'rehearsal')).toBe('rehearsal');
  createSqliteLedger({ file }).close();
  expect(noteStateClock(file, 'real')).toBe('rehearsal');
});

test('a state that has rows and no note is real, and an empty one is of whoever comes first', () => {
  const file = join(temporaryFolder(), 'state.sqlite');
  const database = openDatabase(file, 'CREATE TABLE IF NOT EXISTS windows (state TEXT NOT NULL) STRICT');
  database.exec("INSERT INTO windows VALUES ('confirmed')");
  database.close();
  expect(noteStateClock(file, 'rehearsal')).toBe('real');
  expect(noteStateClock(file, 'real')).toBe('real');
});

test('a state that another process holds is told so in a sentence, not as something unforeseen', () => {
  const file = join(temporaryFolder(), 'state.sqlite');
  noteStateClock(file, 'real');
  const other = openDatabase(file, '');
  other.exec('BEGIN EXCLUSIVE');
  const note = () => noteStateClock(file, 'real');
  expect(note).toThrow(InfrastructureError);
  expect(note).toThrow(
    `Another process has held the state file ${file} for 5 seconds (database is locked). Try again when it is done.`,
  );
  other.close();
  expect(note()).toBe('real');
});

test('the rows of a rehearsal do not make it real', () => {
  const file = join(temporaryFolder(), 'state.sqlite');
  expect(noteStateClock(file, 'rehearsal')).toBe('rehearsal');
  const database = openDatabase(file, 'CREATE TABLE IF NOT EXISTS windows (state TEXT NOT NULL) STRICT');
  database.exec("INSERT INTO windows VALUES ('confirmed')");
  database.close();
  expect(noteStateClock(file, 'real')).toBe('rehearsal');
});
