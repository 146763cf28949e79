import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { createSqliteLedger } from '../../../lib/adapters/ledger/local-sqlite.ts';
import { rowKey } from '../../../lib/adapters/ledger/window-row.ts';
import { InfrastructureError } from '../../../lib/domain/errors.ts';
import type { WindowKey } from '../../../lib/domain/window-record.ts';
import { describeLedgerContract } from '../../contracts/ledger.ts';
import { startTogether } from '../../support/start-together.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { windowKey, windowRecord } from '../../support/window-records.ts';

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
    overwrite: async (key, json) => overwrite(file, key, json),
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
    expect((await after.find(windowKey()))?.writeId).toBe('kept');
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
  });
});

test('a SQLite ledger in memory needs no file', async () => {
  const ledger = createSqliteLedger({ file: ':memory:' });
  expect(await ledger.save(windowRecord())).toBe(true);
  expect((await ledger.find(windowKey()))?.version).toBe(1);
  ledger.close();
});

function newFile(): string {
  return join(temporaryFolder(), 'state.sqlite');
}

function overwrite(file: string, key: WindowKey, json: string): void {
  const database = new DatabaseSync(file);
  const { target_id, window } = rowKey(key);
  const change = 'UPDATE windows SET record = ? WHERE target_id = ? AND "window" = ?';
  database.prepare(change).run(json, target_id, window);
  database.close();
}
