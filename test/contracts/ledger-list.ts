import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { entryOf, keyOf, type WindowRow } from '../../lib/domain/ledger/window-row.ts';
import type { Span } from '../../lib/domain/time/spans.ts';
import type { Ledger } from '../../lib/ports.ts';
import { targetRow } from '../support/ledger/target-rows.ts';
import { numberedRow, taskMessage, WINDOW_STATES, windowRow } from '../support/ledger/window-rows.ts';
import { freshStore, type LedgerStore, plain } from './ledger-store.ts';

const at = Temporal.Instant.from;
const LONG_AGO = at('1970-01-01T00:00:00Z');
const NOON = at('2026-11-22T12:00:00Z');

/** What every ledger lists. */
export function describeLedgerList(name: string, make: () => Promise<LedgerStore>): void {
  describe(`the windows that the ${name} ledger lists`, () => {
    const fresh = freshStore(make);

    const listed = async (targetId = 'acme-prod', after = LONG_AGO) =>
      plain(await fresh.store.open().list(targetId, after));

    test('are none while the target has none', async () => {
      expect(await listed()).toEqual([]);
    });

    test.each(Object.entries(WINDOW_STATES))('tell what a run needs to know: %s', async (_, state) => {
      const filters = { user_name: "O'Hara 李" };
      const row = windowRow({ filters, reason: 'catch-up', attempt: 3, orphans: 2 }, state);
      await fresh.ledger.save(row);
      expect(await listed()).toEqual([plain(entryOf(row))]);
    });

    test('have no orphans where none are known', async () => {
      await fresh.ledger.save(windowRow({ orphans: 0 }));
      expect(await listed()).toMatchObject([{ orphans: 0 }]);
    });

    test('stand as they were last written, with nothing left of what they were', async () => {
      await fresh.ledger.save(
        windowRow({}, { state: 'submitted', leaseUntil: NOON, message: taskMessage() }),
      );
      const failure = { kind: 'unavailable', message: 'down', at: NOON };
      const next = windowRow({ version: 2, writeId: 'write-2', attempt: 2 }, { state: 'failed', failure });
      await fresh.ledger.save(next);
      expect(await listed()).toEqual([plain(entryOf(next))]);
    });

    test('come in the order of their ends, whatever their starts and the order they were saved in', async () => {
      await saveWindows(fresh.ledger, ['PT9H/PT10H', 'PT1H/PT12H', 'PT2H/PT3H', 'PT2H/PT2H0.000000001S']);
      const ends = (await fresh.ledger.list('acme-prod', LONG_AGO)).map(({ window }) =>
        window.end.toString(),
      );
      expect(ends).toEqual([
        '2026-11-22T14:00:00.000000001Z',
        '2026-11-22T15:00:00Z',
        '2026-11-22T22:00:00Z',
        '2026-11-23T00:00:00Z',
      ]);
    });

    test('are those that end after a moment, and not at it, to the nanosecond', async () => {
      await saveWindows(fresh.ledger, [
        'PT0S/PT1H',
        'PT0S/PT1H0.000000001S',
        'PT0S/PT0H59M59.999999999S',
        'PT0S/PT2H',
      ]);
      const ends = (await fresh.ledger.list('acme-prod', NOON.add({ hours: 1 }))).map(
        ({ window }) => window.end,
      );
      expect(ends.map(String)).toEqual(['2026-11-22T13:00:00.000000001Z', '2026-11-22T14:00:00Z']);
      expect(await listed('acme-prod', NOON.add({ hours: 2 }))).toEqual([]);
    });

    test('keep their times to the nanosecond', async () => {
      const time = fc.bigInt({ min: 0n, max: 4_102_444_800_000_000_000n });
      const coarse = fc.constantFrom(1n, 1_000n, 1_000_000n, 1_000_000_000n);
      const rounds = fc.asyncProperty(fc.uuid(), time, time, coarse, async (targetId, from, length, unit) => {
        const start = new Temporal.Instant((from / unit) * unit);
        const end = start.add({ nanoseconds: 1 }).add({ seconds: Number(length % 1_000_000n) });
        await fresh.ledger.save(windowRow({ targetId, window: { start, end } }));
        expect(plain((await fresh.ledger.list(targetId, start))[0]?.window)).toEqual(plain({ start, end }));
      });
      await fc.assert(rounds, { numRuns: 40 });
    });

    test('are those of the target alone', async () => {
      for (const targetId of ['acme', 'acme-prod', 'acme-prod-2'])
        await fresh.ledger.save(windowRow({ targetId }));
      expect(await listed('acme-prod')).toEqual([plain(entryOf(windowRow()))]);
      expect(await listed('acme-pro')).toEqual([]);
    });

    test('are apart by filters, and apart from the target itself', async () => {
      const { targetId, version, writeId, updatedAt } = windowRow();
      const rows = [windowRow(), windowRow({ filters: { user_name: 'a' } })];
      await fresh.ledger.saveTarget(targetRow({ targetId, version, writeId, updatedAt }));
      for (const row of rows) await fresh.ledger.save(row);
      const all = await fresh.ledger.list(targetId, LONG_AGO);
      expect(all.map(({ filtersDigest }) => filtersDigest).toSorted()).toEqual(
        rows.map((row) => entryOf(row).filtersDigest).toSorted(),
      );
    });

    test('are apart by series', async () => {
      const rows = [windowRow(), numberedRow(1), numberedRow(2)];
      for (const row of rows) expect(await fresh.ledger.save(row)).toBe(true);
      const all = await fresh.ledger.list('acme-prod', LONG_AGO);
      expect(plain(all)).toEqual(expect.arrayContaining(rows.map((row) => plain(entryOf(row)))));
      for (const row of rows) expect(plain(await fresh.store.open().find(keyOf(row)))).toEqual(plain(row));
    });

    // More than the megabyte that DynamoDB gives at a time.
    test('are all there when they are many', async () => {
      const message = taskMessage('t'.repeat(5_000));
      const spans = Array.from({ length: 300 }, (_, minutes) => spanOf(`PT${minutes}M/PT${minutes + 1}M`));
      const rows = spans.map((window) =>
        windowRow({ window }, { state: 'published', message, publishedAt: NOON }),
      );
      for (const row of rows.toReversed()) await fresh.ledger.save(row);
      expect(await listed()).toEqual(rows.map((row) => plain(entryOf(row))));
    });
  });
}

/** From noon on, as durations: `PT1H/PT2H` is from 13:00 to 14:00. */
function spanOf(offsets: string): Span {
  const [start = '', end = ''] = offsets.split('/');
  return { start: NOON.add(start), end: NOON.add(end) };
}

async function saveWindows(ledger: Ledger, offsets: string[]): Promise<WindowRow[]> {
  const rows = offsets.map((text) => windowRow({ window: spanOf(text) }));
  for (const row of rows) expect(await ledger.save(row)).toBe(true);
  return rows;
}
