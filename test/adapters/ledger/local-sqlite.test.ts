import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { rowKey } from '../../../lib/adapters/ledger/columns.ts';
import { createSqliteLedger } from '../../../lib/adapters/ledger/local-sqlite.ts';
import {
  ENTRIES_AFTER,
  EXPIRE,
  NUMBERED_BEFORE,
  OPEN_REQUESTS,
  OPEN_WINDOWS,
} from '../../../lib/adapters/ledger/sqlite-listings.ts';
import { InfrastructureError } from '../../../lib/domain/errors.ts';
import type { AlertRequest } from '../../../lib/domain/ledger/request-row.ts';
import { entryOf } from '../../../lib/domain/ledger/window-row.ts';
import { describeLedgerContract } from '../../contracts/ledger.ts';
import { plain } from '../../contracts/ledger-store.ts';
import { alertRequest } from '../../support/ledger/request-rows.ts';
import { windowKey, windowRow } from '../../support/ledger/window-rows.ts';
import { startTogether } from '../../support/process/start-together.ts';
import { temporaryFolder } from '../../support/vitest/temporary-folder.ts';

const LONG_AGO = Temporal.Instant.from('1970-01-01T00:00:00Z');

const SAVER = fileURLToPath(new URL('../../support/ledger/first-saver.ts', import.meta.url));

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
      const change = 'UPDATE windows SET document = ? WHERE target_id = ? AND "window" = ?';
      changeFile(file, change, json, target_id, window);
    },
    spoil: async (targetId, row, columns) => {
      const { table, isRow, names } = placeOf(targetId, row);
      for (const [column, text] of Object.entries(columns))
        changeFile(file, `UPDATE ${table} SET ${column} = ? WHERE ${isRow}`, text, ...names);
    },
    rename: async (targetId, row, name) => {
      const { table, isRow, names } = placeOf(targetId, row);
      changeFile(file, `UPDATE ${table} SET "window" = ? WHERE ${isRow}`, name, ...names);
    },
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
    await before.save(windowRow({ writeId: 'kept' }));
    before.close();
    const after = createSqliteLedger({ file });
    expect(await after.find(windowKey())).toMatchObject({ writeId: 'kept' });
    after.close();
  });

  test('takes closed requests away once their time is over, in the second of it, and no others', async () => {
    const ledger = createSqliteLedger({ file: newFile() });
    const closed = alertRequest({
      state: 'lost',
      updatedAt: Temporal.Instant.from('2026-11-22T10:05:00.5Z'),
    });
    const kept = [
      alertRequest({ alertId: 'open' }),
      alertRequest({ alertId: 'later', state: 'lost', updatedAt: closed.updatedAt.add({ seconds: 1 }) }),
      alertRequest({ targetId: 'acme', state: 'lost', updatedAt: closed.updatedAt }),
    ];
    for (const request of [closed, ...kept]) await ledger.putRequest(request);
    const stands = async (request: AlertRequest) => {
      const found = await ledger.putRequest({ ...request, writeId: 'anew' });
      return 'writeId' in found && found.writeId === request.writeId;
    };
    await ledger.expireRequests('acme-prod', Temporal.Instant.from('2027-12-27T10:05:00.999Z'));
    expect(await stands(closed)).toBe(true);
    await ledger.expireRequests('acme-prod', Temporal.Instant.from('2027-12-27T10:05:01Z'));
    expect(await stands(closed)).toBe(false);
    for (const request of kept) expect(await stands(request)).toBe(true);
    ledger.close();
  });

  test('says which window could not be read or written', async () => {
    const file = newFile();
    const ledger = createSqliteLedger({ file });
    ledger.close();
    const doing = 'window 2026-11-22T00:00:00Z/2026-11-23T00:00:00Z of target acme-prod';
    await expect(ledger.find(windowKey())).rejects.toThrow(`read ${doing} from the ledger file ${file}: `);
    await expect(ledger.find(windowKey())).rejects.toThrow(InfrastructureError);
    await expect(ledger.save(windowRow())).rejects.toThrow(`write ${doing} to the ledger file ${file}: `);
    const list = ledger.list('acme-prod', LONG_AGO);
    await expect(list).rejects.toThrow(`read the windows of target acme-prod from the ledger file ${file}: `);
  });

  test('lists a row that it does not understand as unreadable, with what is wrong, beside the others', async () => {
    const file = newFile();
    const ledger = createSqliteLedger({ file });
    await ledger.save(windowRow());
    changeFile(file, 'UPDATE windows SET lease_until = NULL');
    const other = windowRow({ filters: { user_name: 'a' } });
    await ledger.save(other);
    const entries = plain(await ledger.list('acme-prod', LONG_AGO)) as unknown[];
    const { window } = rowKey(windowKey());
    expect(entries).toHaveLength(2);
    expect(entries).toContainEqual(plain(entryOf(other)));
    expect(entries).toContainEqual({
      ...(plain(windowKey()) as object),
      state: 'unreadable',
      damage: `${window}: its lease_until is null and must be text`,
      reason: 'catch-up',
      attempt: 1,
      orphans: 0,
    });
    ledger.close();
  });
});

describe('the listing of the SQLite ledger', () => {
  // The primary key's own index has the names in order; of the few rows that are wanted, each is read.
  test.each([
    [
      'by end',
      ENTRIES_AFTER,
      'SEARCH windows USING COVERING INDEX entries_by_end (target_id=? AND window_end>?)',
    ],
    ['of open windows', OPEN_WINDOWS, 'SEARCH windows USING INDEX open_windows (target_id=? AND open>?)'],
    [
      'of open requests',
      OPEN_REQUESTS,
      'SEARCH alert_requests USING INDEX open_requests (target_id=? AND open>?)',
    ],
    [
      'of the newest numbers',
      NUMBERED_BEFORE,
      'SEARCH windows USING INDEX sqlite_autoindex_windows_1 (target_id=? AND window>? AND window<?)',
    ],
    [
      'of what expires',
      EXPIRE,
      'SEARCH alert_requests USING INDEX expiring_requests (target_id=? AND expires_at<?)',
    ],
  ])('%s is searched in an index, and sorts nothing', (_, statement, plan) => {
    const { close, explain } = explained(statement);
    expect(explain('EXPLAIN QUERY PLAN').map(({ detail }) => detail)).toEqual([plan]);
    close();
  });

  // What the plan calls covering can still fetch each row: a table WITHOUT ROWID does, and takes ten times as long.
  test('by end opens the index alone, and computes nothing', () => {
    const { close, explain, roots } = explained(ENTRIES_AFTER);
    const operations = explain('EXPLAIN');
    const opened = operations.filter(({ opcode }) => opcode === 'OpenRead').map(({ p2 }) => p2);
    expect(opened).toEqual([roots['entries_by_end']]);
    expect(operations.map(({ opcode }) => opcode)).not.toContain('Function');
    close();
  });
});

test.each([false, true])(
  'a file whose tables are of another release is told as such, read only: %s',
  (readOnly) => {
    const file = newFile();
    const old = new DatabaseSync(file);
    old.exec(OTHER_TABLES);
    old.close();
    const open = () => createSqliteLedger({ file, readOnly });
    expect(open).toThrow(InfrastructureError);
    expect(open).toThrow(
      `The state file ${file} has tables of another release (no such column: window_end). Use the release that wrote it, `,
    );
  },
);

test.each([false, true])(
  'so is one whose tables have the columns of the indexes and lack another, read only: %s',
  (readOnly) => {
    const file = newFile();
    createSqliteLedger({ file }).close();
    const other = new DatabaseSync(file);
    other.exec('ALTER TABLE windows RENAME COLUMN document TO record');
    other.close();
    const open = () => createSqliteLedger({ file, readOnly });
    expect(open).toThrow(InfrastructureError);
    expect(open).toThrow(
      /^The state file \S+ has tables of another release \(.*document\)\. Use the release/,
    );
  },
);

test('a SQLite ledger in memory needs no file', async () => {
  const ledger = createSqliteLedger({ file: ':memory:' });
  expect(await ledger.save(windowRow())).toBe(true);
  expect((await ledger.find(windowKey()))?.version).toBe(1);
  ledger.close();
});

const OTHER_TABLES = `
  CREATE TABLE windows (
    target_id TEXT NOT NULL,
    "window" TEXT NOT NULL,
    state TEXT NOT NULL,
    version INTEGER NOT NULL,
    write_id TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (target_id, "window")
  ) STRICT`;

function explained(statement: string) {
  const file = newFile();
  createSqliteLedger({ file }).close();
  const database = new DatabaseSync(file);
  const explain = (how: string) => database.prepare(`${how} ${statement}`).all();
  const tables = database.prepare('SELECT name, rootpage FROM sqlite_schema').all();
  const roots = Object.fromEntries(tables.map(({ name, rootpage }) => [String(name), rootpage]));
  return { explain, roots, close: () => database.close() };
}

function newFile(): string {
  return join(temporaryFolder(), 'state.sqlite');
}

/** Where the row is that has this name in DynamoDB. */
function placeOf(targetId: string, row: string) {
  if (row === 'target') return { table: 'targets', isRow: 'target_id = ?', names: [targetId] };
  const [kind, id = ''] = row.split('/');
  return kind === 'request'
    ? { table: 'alert_requests', isRow: 'target_id = ? AND request = ?', names: [targetId, id] }
    : { table: 'windows', isRow: 'target_id = ? AND "window" = ?', names: [targetId, row] };
}

function changeFile(file: string, change: string, ...values: string[]): void {
  const database = new DatabaseSync(file);
  database.prepare(change).run(...values);
  database.close();
}
