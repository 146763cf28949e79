import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { InfrastructureError } from '../../lib/domain/errors.ts';
import { windowCodec } from '../../lib/domain/ledger/stored-rows.ts';
import { entryOf, keyOf } from '../../lib/domain/ledger/window-row.ts';
import { numberedRow, WINDOW_STATES, windowKey, windowRow } from '../support/ledger/window-rows.ts';
import { freshStore, type LedgerStore, plain } from './ledger-store.ts';

const at = Temporal.Instant.from;
const LONG_AGO = at('1970-01-01T00:00:00Z');
const WINDOW = { start: at('2026-11-20T08:00:00.000000001Z'), end: at('2026-11-20T10:00:00Z') };

/** How every ledger keeps exports for alerts, which are named by their number. */
export function describeLedgerNumbers(name: string, make: () => Promise<LedgerStore>): void {
  describe(`the exports for alerts in the ${name} ledger`, () => {
    const fresh = freshStore(make);

    const listed = async () => plain(await fresh.store.open().list('acme-prod', LONG_AGO));

    test.each(Object.entries(WINDOW_STATES))('are kept and listed with their order: %s', async (_, state) => {
      const row = numberedRow(17, { filters: { public_ip: '198.51.100.7' }, window: WINDOW }, state);
      expect(await fresh.ledger.save(row)).toBe(true);
      expect(plain(await fresh.store.open().find(keyOf(row)))).toEqual(plain(row));
      expect(await listed()).toEqual([plain(entryOf(row))]);
    });

    test('are saved by one of two runs that take the same number, whatever they export', async () => {
      const ours = numberedRow(3, { writeId: 'ours' });
      const theirs = numberedRow(3, { writeId: 'theirs', window: WINDOW, filters: { user_name: 'a' } });
      expect(await fresh.ledger.save(ours)).toBe(true);
      expect(await fresh.store.open().save(theirs)).toBe(false);
      expect(plain(await fresh.ledger.find(keyOf(theirs)))).toEqual(plain(ours));
      expect(await listed()).toEqual([plain(entryOf(ours))]);
    });

    test('are apart by number and by target, and apart from the windows of the calendar', async () => {
      const rows = [windowRow(), numberedRow(1), numberedRow(2), numberedRow(1, { targetId: 'acme' })];
      for (const row of rows) expect(await fresh.ledger.save(row)).toBe(true);
      for (const row of rows) expect(plain(await fresh.ledger.find(keyOf(row)))).toEqual(plain(row));
      expect(await listed()).toHaveLength(3);
    });

    test('are written on as other windows are, by the run that has their version', async () => {
      await fresh.ledger.save(numberedRow(1));
      const next = numberedRow(1, { version: 2, writeId: 'write-2' }, WINDOW_STATES['published']);
      expect(await fresh.ledger.save(next)).toBe(true);
      expect(await fresh.ledger.save(next)).toBe(true);
      expect(await fresh.ledger.save({ ...next, writeId: 'late' })).toBe(false);
      expect(await listed()).toEqual([plain(entryOf(next))]);
    });

    test('are not saved with a number that has no name', async () => {
      const row = numberedRow(100_000_000);
      await expect(fresh.ledger.save(row)).rejects.toThrow(InfrastructureError);
      await expect(fresh.ledger.save(row)).rejects.toThrow(/the number 100000000: .* from 1 to 99999999/);
      expect(await listed()).toEqual([]);
    });

    test.each([
      ['a time that is none', { window_start: 'soon' }, '1970-01-01T00:00:00Z'],
      ['a digest that is none', { filters_digest: 'x' }, '2026-11-22T00:00:00Z'],
    ])(
      'are listed by their number where %s stands beside the document, and the document is still read',
      async (_, columns, start) => {
        const row = numberedRow(17);
        await fresh.ledger.save(row);
        await fresh.store.spoil('acme-prod', 'alert/00000017', columns);
        const [entry] = await fresh.ledger.list('acme-prod', LONG_AGO);
        expect(plain(entry)).toMatchObject({
          series: 'alert/00000017',
          state: 'unreadable',
          damage: expect.stringMatching(
            /^alert\/00000017: its columns window_start, window_end and filters_digest are \{.*\} and must name a window$/,
          ),
          reason: 'alert',
          orderedAt: '2026-11-23T00:30:00.000000001Z',
          window: { start },
        });
        expect(entry && plain(await fresh.ledger.find(entry))).toEqual(plain(row));
      },
    );

    test.each([
      ['no time of its order', { ordered_at: 'soon' }],
      ['a state that there is not', { state: 'gone' }],
    ])('are listed as unreadable with %s', async (_, columns) => {
      await fresh.ledger.save(numberedRow(17));
      await fresh.store.spoil('acme-prod', 'alert/00000017', columns);
      const { window, filtersDigest } = windowKey();
      const named = { targetId: 'acme-prod', series: 'alert/00000017', window, filtersDigest };
      expect(await listed()).toMatchObject([
        { ...(plain(named) as object), state: 'unreadable', reason: 'alert' },
      ]);
    });

    test.each([
      [
        'another start',
        { window_start: '2026-11-21T00:00:00.000000000Z' },
        /its window_start is 2026-11-22\S+, and the row's is 2026-11-21/,
      ],
      [
        'other filters',
        { filters_digest: '0123456789abcdef' },
        /its filters_digest is 4f53cda18c2baa0c, and the row's is 0123456789abcdef/,
      ],
      ['another state', { state: 'lost' }, /its state is claimed, and the row's is lost/],
    ])('cannot be read where %s stands beside the document', async (_, columns, damage) => {
      const row = numberedRow(17);
      await fresh.ledger.save(row);
      await fresh.store.spoil('acme-prod', 'alert/00000017', columns);
      expect(await fresh.ledger.find(keyOf(row))).toMatchObject({
        state: 'unreadable',
        version: 1,
        damage: expect.stringMatching(damage),
      });
    });

    test('cannot be read where the document is that of another number, or of a window of the calendar', async () => {
      await fresh.ledger.save(numberedRow(17));
      for (const other of [numberedRow(18), windowRow()]) {
        await fresh.store.overwrite(keyOf(numberedRow(17)), windowCodec.toJson(other));
        const found = await fresh.ledger.find(keyOf(numberedRow(17)));
        expect(found).toMatchObject({
          state: 'unreadable',
          damage: expect.stringMatching(/it is the document of /),
        });
      }
    });
  });
}
