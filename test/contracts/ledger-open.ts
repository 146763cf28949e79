import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { DamagedRowError, InfrastructureError } from '../../lib/domain/errors.ts';
import { entryOf, isOpen } from '../../lib/domain/ledger/window-row.ts';
import { alertRequest } from '../support/ledger/request-rows.ts';
import { targetRow } from '../support/ledger/target-rows.ts';
import { FULL_FAILURE, numberedRow, WINDOW_STATES, windowRow } from '../support/ledger/window-rows.ts';
import { freshStore, type LedgerStore, plain } from './ledger-store.ts';

const at = Temporal.Instant.from;
const NOTHING = { target: undefined, windows: [], requests: [] };

/** What every ledger has in the list of what a later run must still see. */
export function describeLedgerOpen(name: string, make: () => Promise<LedgerStore>): void {
  describe(`what is open in the ${name} ledger`, () => {
    const fresh = freshStore(make);

    const listed = (targetId = 'acme-prod') => fresh.store.open().listOpen(targetId);

    test('is nothing of a target that nobody knows', async () => {
      expect(await listed()).toEqual(NOTHING);
    });

    test("is the target's own row, its windows of every series and its requests, and nothing of another target", async () => {
      const [target, window, numbered, request] = [targetRow(), windowRow(), numberedRow(1), alertRequest()];
      for (const targetId of ['acme-prod', 'acme']) {
        await fresh.ledger.saveTarget({ ...target, targetId });
        for (const row of [window, numbered]) await fresh.ledger.save({ ...row, targetId });
        await fresh.ledger.putRequest({ ...request, targetId });
      }
      const open = await listed();
      expect(plain(open.target)).toEqual(plain(target));
      expect(plain(open.windows)).toEqual(
        expect.arrayContaining([window, numbered].map((row) => plain(entryOf(row)))),
      );
      expect(open.windows).toHaveLength(2);
      expect(plain(open.requests)).toEqual([plain(request)]);
    });

    test.each(Object.entries(WINDOW_STATES))(
      'has a window while it is not done with: %s',
      async (_, state) => {
        const rows = [windowRow({}, state), numberedRow(1, {}, state)];
        for (const row of rows) await fresh.ledger.save(row);
        const open = rows.filter(isOpen).map((row) => plain(entryOf(row)));
        const { windows } = await listed();
        expect(windows).toHaveLength(open.length);
        expect(plain(windows)).toEqual(expect.arrayContaining(open));
      },
    );

    test('loses a window that is done with, and has it again when it is opened again', async () => {
      const { published, confirmed } = WINDOW_STATES;
      await fresh.ledger.save(windowRow({}, published));
      await fresh.ledger.save(windowRow({ version: 2, writeId: 'write-2' }, confirmed));
      expect((await listed()).windows).toEqual([]);
      const again = windowRow(
        { version: 3, writeId: 'write-3' },
        { state: 'failed', failure: { ...FULL_FAILURE, kind: 'too_early' } },
      );
      await fresh.ledger.save(again);
      expect(plain((await listed()).windows)).toEqual([plain(entryOf(again))]);
      expect(await fresh.ledger.list('acme-prod', at('1970-01-01T00:00:00Z'))).toHaveLength(1);
    });

    test('has a closed request while its loss is shown, and loses it after', async () => {
      await fresh.ledger.putRequest(alertRequest());
      const lost = [alertRequest().window];
      const shown = alertRequest({ state: 'lost', lost, shownUntil: at('2026-11-29T10:05:00Z'), version: 2 });
      expect(await fresh.ledger.saveRequest(shown)).toBe(true);
      expect(plain((await listed()).requests)).toEqual([plain(shown)]);
      expect(await fresh.ledger.saveRequest(alertRequest({ state: 'lost', lost, version: 3 }))).toBe(true);
      expect((await listed()).requests).toEqual([]);
    });

    test.each(['served', 'lost'] as const)(
      'loses a request that is %s, and has one again that is opened again',
      async (state) => {
        await fresh.ledger.putRequest(alertRequest());
        await fresh.ledger.saveRequest(alertRequest({ state, version: 2, writeId: 'write-2' }));
        expect((await listed()).requests).toEqual([]);
        const again = alertRequest({ version: 3, writeId: 'write-3' });
        expect(await fresh.ledger.saveRequest(again)).toBe(true);
        expect(plain((await listed()).requests)).toEqual([plain(again)]);
      },
    );

    test('comes in the order of ends, whatever it was stored in', async () => {
      const start = at('2026-11-22T00:00:00Z');
      const windows = ['PT9H', 'PT1H', 'PT1H0.000000001S', 'PT10H'].map((length) => ({
        start,
        end: start.add(length),
      }));
      for (const [index, window] of windows.entries()) {
        await fresh.ledger.save(windowRow({ window }));
        await fresh.ledger.save(numberedRow(index + 1, { window }));
        await fresh.ledger.putRequest(alertRequest({ window }));
      }
      const open = await listed();
      const ends = ['PT1H', 'PT1H0.000000001S', 'PT9H', 'PT10H'].map((length) =>
        start.add(length).toString(),
      );
      expect(open.windows.map(({ window }) => window.end.toString())).toEqual(
        ends.flatMap((end) => [end, end]),
      );
      expect(open.requests.map((one) => ('window' in one ? one.window.end.toString() : one))).toEqual(ends);
    });

    // More than the megabyte that DynamoDB gives at a time.
    test('is all there where it is much', async () => {
      const types = ['t'.repeat(5_000)];
      const requests = Array.from({ length: 300 }, (_, index) =>
        alertRequest({ alertId: `finding-${index}`, types }),
      );
      await fresh.ledger.saveTarget(targetRow());
      for (const request of requests) await fresh.ledger.putRequest(request);
      await fresh.ledger.save(windowRow());
      const open = await listed();
      expect(open.target).toBeDefined();
      expect(open.windows).toHaveLength(1);
      const ids = open.requests.map((one) => ('alertId' in one ? one.alertId : one.damage));
      expect(ids.toSorted()).toEqual(requests.map(({ alertId }) => alertId).toSorted());
    });

    test('is there although the row of the target is damaged, with the error that could be made good', async () => {
      await fresh.ledger.saveTarget(targetRow());
      await fresh.ledger.putRequest(alertRequest());
      await fresh.store.spoil('acme-prod', 'target', { document: 'spoilt' });
      const { target, requests } = await listed();
      expect(target).toBeInstanceOf(DamagedRowError);
      expect(target).toMatchObject({
        version: 1,
        message: expect.stringMatching(/^Could not read target acme-prod from the ledger .*cannot be read/),
      });
      expect(requests).toHaveLength(1);
    });

    test('is there although a newer release wrote the row of the target, which must not be written over', async () => {
      await fresh.ledger.saveTarget(targetRow());
      await fresh.ledger.save(windowRow());
      await fresh.store.spoil('acme-prod', 'target', { document: '{"schema":2}' });
      const { target, windows } = await listed();
      expect(target).toBeInstanceOf(InfrastructureError);
      expect(target).not.toBeInstanceOf(DamagedRowError);
      expect(target).toMatchObject({ message: expect.stringMatching(/a newer release wrote the row/) });
      expect(windows).toHaveLength(1);
    });

    test('has a window that cannot be read as such, beside the others', async () => {
      for (const number of [1, 2]) await fresh.ledger.save(numberedRow(number));
      await fresh.store.spoil('acme-prod', 'alert/00000001', { state: 'gone' });
      const { windows } = await listed();
      expect(windows.map(({ series, state }) => [series, state]).toSorted()).toEqual([
        ['alert/00000001', 'unreadable'],
        ['alert/00000002', 'claimed'],
      ]);
    });

    test('has a row under a name that nobody knows as a window that cannot be read', async () => {
      await fresh.ledger.save(numberedRow(1));
      await fresh.store.rename('acme-prod', 'alert/00000001', 'nobody/knows');
      expect((await listed()).windows).toMatchObject([
        { state: 'unreadable', damage: 'nobody/knows: its name is not that of a window' },
      ]);
    });
  });
}
