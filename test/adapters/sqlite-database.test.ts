import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { openDatabase } from '../../lib/adapters/sqlite-database.ts';
import { InfrastructureError } from '../../lib/domain/errors.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const SCHEMA = 'CREATE TABLE IF NOT EXISTS notes (note TEXT NOT NULL) STRICT';

test('opening a new file waits for another that is writing to it', async () => {
  const file = join(temporaryFolder(), 'state.sqlite');
  const other = await writerOf(file);
  const database = openDatabase(file, SCHEMA);
  expect(database.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
  expect(database.prepare('SELECT note FROM notes').all()).toEqual([{ note: 'from the other' }]);
  await other.end;
  database.close();
});

test('writing waits for another that is writing', async () => {
  const file = join(temporaryFolder(), 'state.sqlite');
  const database = openDatabase(file, SCHEMA);
  const other = await writerOf(file);
  database.exec("INSERT INTO notes VALUES ('from us')");
  expect(database.prepare('SELECT note FROM notes').all()).toEqual([
    { note: 'from the other' },
    { note: 'from us' },
  ]);
  await other.end;
  database.close();
});

test('reading does not wait for one that is writing', async () => {
  const file = join(temporaryFolder(), 'state.sqlite');
  const database = openDatabase(file, SCHEMA);
  const other = await writerOf(file);
  expect(database.prepare('SELECT note FROM notes').all()).toEqual([]);
  await other.end;
  database.close();
});

test('a file that is no database is refused at once', () => {
  const file = join(temporaryFolder(), 'notes.txt');
  writeFileSync(file, 'long enough to be taken for the head of a database. '.repeat(20));
  const start = performance.now();
  expect(() => openDatabase(file, SCHEMA)).toThrow(InfrastructureError);
  expect(() => openDatabase(file, SCHEMA)).toThrow(/open the SQLite file .*notes\.txt: .*not a database/);
  // A database that is busy is waited for, for five seconds.
  expect(performance.now() - start).toBeLessThan(4_900);
});

test('a file in a folder that is missing is refused, and the folder is not made', () => {
  const folder = join(temporaryFolder(), 'missing');
  expect(() => openDatabase(join(folder, 'state.sqlite'), SCHEMA)).toThrow(`open the SQLite file ${folder}`);
  expect(existsSync(folder)).toBe(false);
});

// In a thread of its own, because a wait of SQLite stops the thread that waits.
const WRITER = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { DatabaseSync } = require('node:sqlite');
  const database = new DatabaseSync(workerData.file);
  database.exec('BEGIN IMMEDIATE');
  database.exec(workerData.schema);
  database.exec("INSERT INTO notes VALUES ('from the other')");
  parentPort.postMessage('writing');
  setTimeout(() => { database.exec('COMMIT'); database.close(); }, 200);`;

async function writerOf(file: string): Promise<{ end: Promise<unknown> }> {
  const worker = new Worker(WRITER, { eval: true, workerData: { file, schema: SCHEMA } });
  await once(worker, 'message');
  return { end: once(worker, 'exit') };
}
