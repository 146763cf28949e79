import { describe, expect, test } from 'vitest';
import type { Ledger } from '../../lib/ports.ts';
import { ROW_KINDS, type RowKind, type Write } from './ledger-rows.ts';
import { freshStore, type LedgerStore, plain } from './ledger-store.ts';

/** Which writes every ledger takes, one after the other. */
export function describeLedgerVersions(name: string, make: () => Promise<LedgerStore>): void {
  describe.each(Object.entries(ROW_KINDS))(`a %s in the ${name} ledger`, (_, kind) => {
    const fresh = freshStore(make);

    test('is unknown until a run has saved it', async () => {
      expect(await kind.find(fresh.ledger)).toBeUndefined();
    });

    test('is replaced as a whole by the next version', async () => {
      const newest = await saveVersions(kind, fresh.ledger, 2);
      expect(plain(await kind.find(fresh.store.open()))).toEqual(kind.kept(newest));
    });

    test.each([
      ['a first version on top of an existing one', 1],
      ['an older version', 2],
      ['the version that another run has written', 3],
      ['a version that leaves one out', 5],
    ])('refuses %s and stays as it is', async (_, version) => {
      const newest = await saveVersions(kind, fresh.ledger, 3);
      expect(await kind.save(fresh.ledger, { version, writeId: 'late' })).toBe(false);
      expect(plain(await kind.find(fresh.ledger))).toEqual(kind.kept(newest));
    });

    test('refuses a later version where there is none', async () => {
      expect(await kind.save(fresh.ledger, { version: 2, writeId: 'write-2' })).toBe(false);
      expect(await kind.find(fresh.ledger)).toBeUndefined();
    });

    test.each([1, 2])(
      'takes the same write again when the network repeats it: version %i',
      async (version) => {
        const newest = await saveVersions(kind, fresh.ledger, version);
        expect(await kind.save(fresh.ledger, newest)).toBe(true);
        expect(await kind.save(fresh.store.open(), newest)).toBe(true);
        expect(plain(await kind.find(fresh.ledger))).toEqual(kind.kept(newest));
      },
    );

    test('refuses a repeated write when another run has built on it', async () => {
      const first = await saveVersions(kind, fresh.ledger, 1);
      const second = { version: 2, writeId: 'other run' };
      await kind.save(fresh.ledger, second);
      expect(await kind.save(fresh.ledger, first)).toBe(false);
      expect(plain(await kind.find(fresh.ledger))).toEqual(kind.kept(second));
    });

    test('is kept apart from that of another target', async () => {
      await kind.save(fresh.ledger, { targetId: 'acme-prod', version: 1, writeId: 'ours' });
      await kind.save(fresh.ledger, { targetId: 'acme', version: 1, writeId: 'theirs' });
      expect((await kind.find(fresh.ledger, 'acme-prod'))?.writeId).toBe('ours');
      expect((await kind.find(fresh.ledger, 'acme'))?.writeId).toBe('theirs');
    });
  });
}

async function saveVersions(kind: RowKind, ledger: Ledger, newest: number): Promise<Write> {
  const writes = Array.from({ length: newest }, (_, index) => ({
    version: index + 1,
    writeId: `write-${index + 1}`,
  }));
  for (const write of writes) expect(await kind.save(ledger, write)).toBe(true);
  return { version: newest, writeId: `write-${newest}` };
}
