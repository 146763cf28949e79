import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { WindowRecord } from '../../lib/domain/window-record.ts';
import type { Ledger } from '../../lib/ports.ts';
import { windowKey, windowRecord } from '../support/window-records.ts';
import { type LedgerStore, plain } from './ledger-store.ts';

/** What every ledger does when several runs write to one window. */
export function describeLedgerRaces(name: string, make: () => Promise<LedgerStore>): void {
  describe(`the ${name} ledger between runs`, () => {
    let store: LedgerStore;
    let ledger: Ledger;

    beforeEach(async () => {
      store = await make();
      ledger = store.open();
    });
    afterEach(() => store.close());

    test('lets exactly one of many runs be the first to save a new window', async () => {
      const records = Array.from({ length: 20 }, (_, index) => windowRecord({ writeId: `run-${index}` }));
      const saved = await Promise.all(records.map((record) => store.open().save(record)));
      expect(saved.filter(Boolean)).toHaveLength(1);
      expect((await ledger.find(windowKey()))?.writeId).toBe(`run-${saved.indexOf(true)}`);
    });

    test('lets exactly one of many runs take a window over', async () => {
      await ledger.save(windowRecord());
      const records = Array.from({ length: 20 }, (_, index) =>
        windowRecord({ version: 2, writeId: `run-${index}` }),
      );
      const saved = await Promise.all(records.map((record) => store.open().save(record)));
      expect(saved.filter(Boolean)).toHaveLength(1);
      expect((await ledger.find(windowKey()))?.writeId).toBe(`run-${saved.indexOf(true)}`);
    });

    test('keeps what it said true to, and never goes back, whatever runs write in whatever order', async () => {
      const writes = fc.array(write, { maxLength: 12 });
      const inTurn = fc.asyncProperty(newTarget, writes, (targetId, all) =>
        writeInTurn(store, targetId, all),
      );
      await fc.assert(inTurn, { numRuns: 40 });
    });

    test('never goes back when runs write at the same moment', async () => {
      const moments = fc.array(fc.array(write, { maxLength: 6 }), { maxLength: 5 });
      const atOnce = fc.asyncProperty(newTarget, moments, (targetId, all) =>
        writeAtOnce(store, targetId, all),
      );
      await fc.assert(atOnce, { numRuns: 25 });
    });
  });
}

type Write = Pick<WindowRecord, 'version' | 'writeId'>;

// Few versions and few writers, so that they meet.
const write: fc.Arbitrary<Write> = fc.record({
  version: fc.integer({ min: 1, max: 4 }),
  writeId: fc.constantFrom('run-a', 'run-b', 'run-c'),
});

// A window of its own for each round of a property.
const newTarget = fc.uuid();

async function writeInTurn(store: LedgerStore, targetId: string, writes: Write[]): Promise<void> {
  const ledger = store.open();
  let kept: WindowRecord | undefined;
  for (const record of writes.map((differing) => windowRecord({ targetId, ...differing }))) {
    const isNext = isOnTop(record, kept);
    expect(await ledger.save(record)).toBe(isNext);
    kept = isNext ? record : kept;
    expect(plain(await ledger.find(windowKey({ targetId })))).toEqual(plain(kept));
  }
}

async function writeAtOnce(store: LedgerStore, targetId: string, moments: Write[][]): Promise<void> {
  let version = 0;
  for (const writes of moments) {
    const saved = await Promise.all(
      writes.map((differing) => store.open().save(windowRecord({ targetId, ...differing }))),
    );
    const accepted = writes.filter((_, index) => saved[index]).map((write) => write.version);
    const now = (await store.open().find(windowKey({ targetId })))?.version ?? 0;
    expect(now).toBe(Math.max(version, ...accepted));
    version = now;
  }
}

function isOnTop(record: WindowRecord, kept: WindowRecord | undefined): boolean {
  if (record.version === (kept?.version ?? 0) + 1) return true;
  return record.version === kept?.version && record.writeId === kept.writeId;
}
