import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { createSqliteLedger } from '../../../lib/adapters/ledger/local-sqlite.ts';
import { ENTRIES_AFTER } from '../../../lib/adapters/ledger/sqlite-entries.ts';
import { rowKey, windowRow } from '../../../lib/adapters/ledger/window-row.ts';
import { InfrastructureError } from '../../../lib/domain/errors.ts';
import { entryOf } from '../../../lib/domain/window-record.ts';
import { describeLedgerContract } from '../../contracts/ledger.ts';
import { plain } from '../../contracts/ledger-store.ts';
import { startTogether } from '../../support/start-together.ts';
import { targetRecord } from '../../support/target-records.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { windowKey, windowRecord } from '../../support/window-records.ts';

const LONG_AGO = Temporal.Instant.from('1970-01-01T00:00:00Z');

const SAVER = fileURLToPath(new URL('../../support/first-saver.ts', import.meta.url));

describeLedgerContract('SQLite', async () => {
  const file = newFile();
  const opened: { close(): void }[] = [];
  return {
    open: () => {
      const ledger = createSqliteLedger({ file });
      opened.push(ledger);
      return ledger;
    },
    overwrite: async (key, json) => {
      const { target_id, window } = rowKey(key);
      const change = 'UPDATE windows SET record = ? WHERE target_id = ? AND "window" = ?';
      changeFile(file, change, json, target_id, window);
    },
    overwriteTarget: async (targetId, json) =>
      changeFile(file, 'UPDATE targets SET record = ? WHERE target_id = ?', json, targetId),
    close: async () => {
      for (const ledger of opened) ledger.close();
    },
  };
});

describe('the SQLite ledger in a file', () => {
  test('lets one of several processes be first at each window, also when they make the file together', async () => {
    const file = newFile();
    const runs = await startTogether(
      SAVER,
      ['a', 'b', 'c', 'd'].map((run) => [file, run, '25']),
    );
    const firsts = runs.flatMap((output) => JSON.parse(output) as string[]);
    expect(firsts.toSorted()).toEqual(Array.from({ length: 25 }, (_, index) => `window-${index}`).toSorted());
  });

  test('still has what was saved when it is opened again', async () => {
    const file = newFile();
    const before = createSqliteLedger({ file });
    await before.save(windowRecord({ writeId: 'kept' }));
    before.close();
    const after = createSqliteLedger({ file });
    expect(await after.find(windowKey())).toMatchObject({ writeId: 'kept' });
    after.close();
  });

  test('says which window could not be read or written', async () => {
    const file = newFile();
    const ledger = createSqliteLedger({ file });
    ledger.close();
    const doing = 'window 2026-11-22T00:00:00Z/2026-11-23T00:00:00Z of target acme-prod';
    await expect(ledger.find(windowKey())).rejects.toThrow(`read ${doing} from the ledger file ${file}: `);
    await expect(ledger.find(windowKey())).rejects.toThrow(InfrastructureError);
    await expect(ledger.save(windowRecord())).rejects.toThrow(`write ${doing} to the ledger file ${file}: `);
    const list = ledger.list('acme-prod', LONG_AGO);
    await expect(list).rejects.toThrow(`read the windows of target acme-prod from the ledger file ${file}: `);
  });

  test('takes the version for the attempt of a row that says nothing of it, so that no message id comes twice', async () => {
    const file = newFile();
    const ledger = createSqliteLedger({ file });
    await ledger.save(windowRecord());
    for (const version of [2, 3, 4, 5])
      await ledger.save(windowRecord({ attempt: 2, version, writeId: `write-${version}` }));
    const found = async (record: string) => {
      changeFile(file, `UPDATE windows SET record = '${record}'`);
      return await ledger.find(windowKey());
    };
    expect(await found('{"attempt":2}')).toMatchObject({ state: 'unreadable', version: 5, attempt: 2 });
    expect(await found('no JSON')).toMatchObject({ state: 'unreadable', version: 5, attempt: 5 });
    ledger.close();
  });

  test('lists a row that it does not understand as unreadable, with what is wrong, beside the others', async () => {
    const file = newFile();
    const ledger = createSqliteLedger({ file });
    await ledger.save(windowRecord());
    changeFile(file, "UPDATE windows SET record = 'no JSON'");
    const other = windowRecord({ filters: { user_name: 'a' } });
    await ledger.save(other);
    const entries = plain(await ledger.list('acme-prod', LONG_AGO)) as unknown[];
    const { window } = rowKey(windowKey());
    expect(entries).toHaveLength(2);
    expect(entries).toContainEqual(plain(entryOf(other)));
    expect(entries).toContainEqual({
      ...(plain(windowKey()) as object),
      state: 'unreadable',
      problem: `${window}: its lease_until is null and must be text`,
      reason: 'catch-up',
      attempt: 1,
      orphans: 0,
    });
    ledger.close();
  });
});

describe('the listing of the SQLite ledger', () => {
  test('is searched in an index that covers it', () => {
    const { close, explain } = explainedListing();
    expect(explain('EXPLAIN QUERY PLAN').map(({ detail }) => detail)).toEqual([
      'SEARCH windows USING COVERING INDEX windows_by_end (target_id=? AND <expr>>?)',
    ]);
    close();
  });

  // What the plan calls covering can still fetch each row: a table WITHOUT ROWID does, and takes ten times as long.
  test('fetches no row and computes nothing from it', () => {
    const { close, explain } = explainedListing();
    const operations = explain('EXPLAIN');
    const table = operations.find(({ opcode }) => opcode === 'DeferredSeek')?.['p3'];
    expect(table).toBeTypeOf('number');
    expect(operations.filter(({ opcode, p1 }) => opcode === 'Column' && p1 === table)).toEqual([]);
    expect(operations.map(({ opcode }) => opcode)).not.toContain('NotFound');
    expect(operations.map(({ opcode }) => opcode)).not.toContain('Function');
    close();
  });
});

describe('a file of release 0.1.0', () => {
  test('is listed, and written on, as it is', async () => {
    const file = newFile();
    const old = new DatabaseSync(file);
    old.exec(SCHEMA_OF_0_1_0);
    const insert = old.prepare('INSERT INTO windows VALUES (?, ?, ?, ?, ?, ?, ?)');
    const { target_id, window, state, version, write_id, updated_at, record } = windowRow(windowRecord());
    insert.run(target_id, window, state, version, write_id, updated_at, record);
    old.close();
    const ledger = createSqliteLedger({ file });
    expect(plain(await ledger.list('acme-prod', LONG_AGO))).toEqual([plain(entryOf(windowRecord()))]);
    expect(await ledger.save(windowRecord({ version: 2, writeId: 'write-2', attempt: 2 }))).toBe(true);
    expect(await ledger.list('acme-prod', LONG_AGO)).toMatchObject([{ attempt: 2 }]);
    expect(await ledger.saveTarget(targetRecord())).toBe(true);
    ledger.close();
  });
});

test('a SQLite ledger in memory needs no file', async () => {
  const ledger = createSqliteLedger({ file: ':memory:' });
  expect(await ledger.save(windowRecord())).toBe(true);
  expect((await ledger.find(windowKey()))?.version).toBe(1);
  ledger.close();
});

const SCHEMA_OF_0_1_0 = `
  CREATE TABLE windows (
    target_id TEXT NOT NULL,
    "window" TEXT NOT NULL,
    state TEXT NOT NULL,
    version INTEGER NOT NULL,
    write_id TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (target_id, "window")
  ) STRICT, WITHOUT ROWID`;

function explainedListing() {
  const file = newFile();
  createSqliteLedger({ file }).close();
  const database = new DatabaseSync(file);
  const explain = (how: string) =>
    database.prepare(`${how} ${ENTRIES_AFTER}`).all({ target_id: 'acme-prod', after: '' });
  return { explain, close: () => database.close() };
}

function newFile(): string {
  return join(temporaryFolder(), 'state.sqlite');
}

function changeFile(file: string, change: string, ...values: string[]): void {
  const database = new DatabaseSync(file);
  database.prepare(change).run(...values);
  database.close();
}
