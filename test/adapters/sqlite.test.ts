import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { describe, expect, test } from 'vitest';
import { openDatabase } from '../../lib/adapters/sqlite.ts';
import { makeWhole } from '../../lib/adapters/sqlite-file.ts';
import { InfrastructureError } from '../../lib/domain/errors.ts';
import { temporaryFolder } from '../support/vitest/temporary-folder.ts';

const SCHEMA = 'CREATE TABLE IF NOT EXISTS notes (note TEXT NOT NULL) STRICT';

test('writing waits for another that is writing', async () => {
  const file = join(temporaryFolder(), 'state.sqlite');
  const database = openDatabase(file, SCHEMA);
  expect(database.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
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
  expect(() => openDatabase(file, SCHEMA)).toThrow(
    /The state file .*notes\.txt is damaged: .*not a database/,
  );
  // A database that is busy is waited for, for five seconds.
  expect(performance.now() - start).toBeLessThan(4_900);
});

test('a file in a folder that is missing is refused, and the folder is not made', () => {
  const folder = join(temporaryFolder(), 'missing');
  expect(() => openDatabase(join(folder, 'state.sqlite'), SCHEMA)).toThrow(`open the SQLite file ${folder}`);
  expect(existsSync(folder)).toBe(false);
});

describe('a file that is there', () => {
  const whole = () => {
    const file = join(temporaryFolder(), 'state.sqlite');
    const database = openDatabase(file, SCHEMA);
    for (let row = 0; row < 50; row += 1)
      database.exec(`INSERT INTO notes VALUES ('${'some length '.repeat(30)}')`);
    database.close();
    return file;
  };

  test.each([
    ['without a byte', 0],
    ['with one byte', 1],
    ['with less than a page', 600],
    ['with some of its pages', 8_192],
    ['without the end of its last page', -100],
    ['without the second half of its last page', -2_048],
  ])('%s is damaged, never a new one, to whoever opens it, and stays as it is', (_, length) => {
    const file = whole();
    truncateSync(file, length < 0 ? statSync(file).size + length : length);
    const before = readFileSync(file);
    for (const readOnly of [false, true]) {
      const opening = () => openDatabase(file, SCHEMA, { readOnly });
      expect(opening).toThrow(InfrastructureError);
      expect(opening).toThrow(/state\.sqlite is damaged: .*restore it from a copy.*start_at/);
    }
    expect(readFileSync(file)).toEqual(before);
  });

  test('without a table is damaged: a run was killed before it had made one, or it is another database', () => {
    const file = join(temporaryFolder(), 'state.sqlite');
    const empty = new DatabaseSync(file);
    empty.exec('PRAGMA journal_mode = WAL');
    empty.close();
    for (const readOnly of [false, true])
      expect(() => openDatabase(file, SCHEMA, { readOnly })).toThrow('it holds no table');
  });

  test('and lacks a table has it empty for whoever reads, and does not get it', () => {
    const file = whole();
    const more = `${SCHEMA}; CREATE TABLE IF NOT EXISTS more (text TEXT) STRICT`;
    const reader = openDatabase(file, more, { readOnly: true });
    expect(reader.prepare('SELECT * FROM more').all()).toEqual([]);
    expect(reader.prepare('SELECT * FROM notes').all()).toHaveLength(50);
    reader.close();
    const database = new DatabaseSync(file);
    expect(database.prepare('SELECT name FROM sqlite_schema').all()).toEqual([{ name: 'notes' }]);
    database.close();
  });

  test('is not changed by whoever reads, who cannot write to it either', () => {
    const file = whole();
    const before = readFileSync(file);
    const reader = openDatabase(file, SCHEMA, { readOnly: true });
    expect(() => reader.exec("INSERT INTO notes VALUES ('no')")).toThrow('readonly');
    reader.close();
    expect(readFileSync(file)).toEqual(before);
    expect(readdirSync(dirname(file))).toEqual(['state.sqlite']);
  });
});

describe('a file that is missing', () => {
  test('is not made where its journal is still there, whose changes would go to the new one', () => {
    for (const journal of ['state.sqlite-wal', 'state.sqlite-journal']) {
      const folder = temporaryFolder();
      writeFileSync(join(folder, journal), 'changes');
      const opening = () => openDatabase(join(folder, 'state.sqlite'), SCHEMA);
      expect(opening).toThrow(
        `is damaged: it is gone, and its journal ${join(folder, journal)} is still there`,
      );
      expect(readdirSync(folder)).toEqual([journal]);
    }
  });

  test('has its name only once it is whole, and leaves nothing behind when it cannot be made', () => {
    const folder = temporaryFolder();
    const file = join(folder, 'state.sqlite');
    makeWhole(file, (made) => {
      expect(existsSync(file)).toBe(false);
      writeFileSync(made, 'whole');
    });
    expect(readFileSync(file, 'utf8')).toBe('whole');
    const failing = () =>
      makeWhole(join(folder, 'other.sqlite'), () => {
        throw new Error('no');
      });
    expect(failing).toThrow('no');
    expect(readdirSync(folder)).toEqual(['state.sqlite']);
  });

  test('that another process makes meanwhile is the other one', () => {
    const file = join(temporaryFolder(), 'state.sqlite');
    makeWhole(file, (made) => {
      writeFileSync(made, 'ours');
      writeFileSync(file, 'the other');
    });
    expect(readFileSync(file, 'utf8')).toBe('the other');
  });
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
