import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ROW_KINDS, type RowKind, type Write } from './ledger-rows.ts';
import { freshStore, type LedgerStore, plain } from './ledger-store.ts';

/** What every ledger does when several runs write to one row. */
export function describeLedgerRaces(name: string, make: () => Promise<LedgerStore>): void {
  describe.each(Object.entries(ROW_KINDS))(`a %s in the ${name} ledger, between runs,`, (_, kind) => {
    const fresh = freshStore(make);

    test.each([
      ['is saved first', 1],
      ['is taken over', 2],
    ])('%s by exactly one of many', async (_, version) => {
      if (version === 2) await kind.save(fresh.store.open(), { version: 1, writeId: 'write-1' });
      const writes = Array.from({ length: 20 }, (_, index) => ({ version, writeId: `run-${index}` }));
      const saved = await Promise.all(writes.map((write) => kind.save(fresh.store.open(), write)));
      expect(saved.filter(Boolean)).toHaveLength(1);
      expect((await kind.find(fresh.store.open()))?.writeId).toBe(`run-${saved.indexOf(true)}`);
    });

    test('keeps what was acknowledged, and never goes back, whatever is written in whatever order', async () => {
      const writes = fc.array(write, { maxLength: 12 });
      const inTurn = fc.asyncProperty(newTarget, writes, (targetId, all) =>
        writeInTurn({ store: fresh.store, kind, targetId }, all),
      );
      await fc.assert(inTurn, { numRuns: 40 });
    });

    test('never goes back when several write at the same moment', async () => {
      const moments = fc.array(fc.array(write, { maxLength: 6 }), { maxLength: 5 });
      const atOnce = fc.asyncProperty(newTarget, moments, (targetId, all) =>
        writeAtOnce({ store: fresh.store, kind, targetId }, all),
      );
      await fc.assert(atOnce, { numRuns: 25 });
    });
  });
}

type Round = { store: LedgerStore; kind: RowKind; targetId: string };

// Few versions and few writers, so that they meet.
const write: fc.Arbitrary<Write> = fc.record({
  version: fc.integer({ min: 1, max: 4 }),
  writeId: fc.constantFrom('run-a', 'run-b', 'run-c'),
});

// A row of its own for each round of a property.
const newTarget = fc.uuid();

async function writeInTurn({ store, kind, targetId }: Round, writes: Write[]): Promise<void> {
  const ledger = store.open();
  let kept: Write | undefined;
  for (const write of writes.map((differing) => ({ targetId, ...differing }))) {
    const isNext = isOnTop(write, kept);
    expect(await kind.save(ledger, write)).toBe(isNext);
    kept = isNext ? write : kept;
    expect(plain(await kind.find(ledger, targetId))).toEqual(kept && kind.kept(kept));
  }
}

async function writeAtOnce({ store, kind, targetId }: Round, moments: Write[][]): Promise<void> {
  let version = 0;
  for (const writes of moments) {
    const saved = await Promise.all(
      writes.map((differing) => kind.save(store.open(), { targetId, ...differing })),
    );
    const accepted = writes.filter((_, index) => saved[index]).map((write) => write.version);
    const now = (await kind.find(store.open(), targetId))?.version ?? 0;
    expect(now).toBe(Math.max(version, ...accepted));
    version = now;
  }
}

function isOnTop(write: Write, kept: Write | undefined): boolean {
  if (write.version === (kept?.version ?? 0) + 1) return true;
  return write.version === kept?.version && write.writeId === kept.writeId;
}
