import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { entryOf, numberOf } from '../../lib/domain/ledger/window-row.ts';
import { numberedRow, WINDOW_STATES, windowRow } from '../support/ledger/window-rows.ts';
import { freshStore, type LedgerStore, plain } from './ledger-store.ts';

const at = Temporal.Instant.from;
const MIDNIGHT = at('2026-11-23T00:00:00Z');
const LONG_AGO = at('1970-01-01T00:00:00Z');
const NEVER = at('2030-01-01T00:00:00Z');

/** Which exports for alerts every ledger has for the newest. */
export function describeLedgerNewest(name: string, make: () => Promise<LedgerStore>): void {
  describe(`the newest exports for alerts in the ${name} ledger`, () => {
    const fresh = freshStore(make);

    /** Number n is ordered n minutes after midnight. */
    const save = async (...numbers: number[]) => {
      for (const number of numbers) {
        const alertExport = { number, orderedAt: MIDNIGHT.add({ minutes: number }) };
        expect(await fresh.ledger.save(numberedRow(number, { alertExport }))).toBe(true);
      }
    };
    const newest = async (since: Temporal.Instant) =>
      (await fresh.store.open().newestExports('acme-prod', since)).map(({ series }) => numberOf(series));

    test('are none where there are none, whatever else there is', async () => {
      await fresh.ledger.save(windowRow());
      await fresh.ledger.save(numberedRow(1, { targetId: 'acme' }));
      expect(await newest(LONG_AGO)).toEqual([]);
    });

    test('come by number, and not by the order they were saved in', async () => {
      await save(9, 100, 10, 99, 1);
      expect(await newest(LONG_AGO)).toEqual([100, 99, 10, 9, 1]);
    });

    test('go on until one was ordered at the time that is asked about, or before it', async () => {
      await save(1, 2, 3, 4);
      expect(await newest(MIDNIGHT.add({ minutes: 3 }))).toEqual([4, 3]);
      expect(await newest(MIDNIGHT.add({ minutes: 3 }).subtract({ nanoseconds: 1 }))).toEqual([4, 3, 2]);
      expect(await newest(NEVER)).toEqual([4]);
    });

    test('tell what a listing tells, done with or not', async () => {
      const rows = Object.values(WINDOW_STATES).map((state, index) => numberedRow(index + 1, {}, state));
      for (const row of rows) await fresh.ledger.save(row);
      expect(plain(await fresh.ledger.newestExports('acme-prod', LONG_AGO))).toEqual(
        rows.toReversed().map((row) => plain(entryOf(row))),
      );
    });

    // They are read 25 at a time.
    test.each([25, 26, 60])('are all there where they are %i', async (count) => {
      const numbers = Array.from({ length: count }, (_, index) => index + 1);
      await save(...numbers);
      expect(await newest(LONG_AGO)).toEqual(numbers.toReversed());
      expect(await newest(MIDNIGHT.add({ minutes: 2 }))).toEqual(numbers.slice(1).toReversed());
    });

    test('do not end at one that cannot be read, which is among them by its number', async () => {
      await save(1, 2, 3);
      await fresh.store.spoil('acme-prod', 'alert/00000003', { state: 'gone' });
      await fresh.store.spoil('acme-prod', 'alert/00000002', { ordered_at: 'soon', window_end: 'later' });
      expect(await fresh.ledger.newestExports('acme-prod', NEVER)).toMatchObject([
        { series: 'alert/00000003', state: 'unreadable', orderedAt: MIDNIGHT.add({ minutes: 3 }) },
        { series: 'alert/00000002', state: 'unreadable' },
        { series: 'alert/00000001', state: 'claimed' },
      ]);
    });

    test('have a row under a name that is none among them, and do not end at it', async () => {
      await save(1, 2);
      await fresh.store.rename('acme-prod', 'alert/00000002', 'alert/x');
      expect(await fresh.ledger.newestExports('acme-prod', NEVER)).toMatchObject([
        { state: 'unreadable', damage: 'alert/x: its name is not that of a window' },
        { series: 'alert/00000001' },
      ]);
    });
  });
}
