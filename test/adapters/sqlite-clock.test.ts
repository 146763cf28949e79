import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createSqliteLedger } from '../../lib/adapters/ledger/local-sqlite.ts';
import { noteStateClock, type StateClock } from '../../lib/adapters/sqlite-clock.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

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
