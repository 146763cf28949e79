import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { InfrastructureError } from '../../lib/domain/errors.ts';
import { type AlertRequest, expiryOf, requestId } from '../../lib/domain/ledger/request-row.ts';
import { requestCodec } from '../../lib/domain/ledger/stored-rows.ts';
import { alertRequest, REQUEST_STATES } from '../support/ledger/request-rows.ts';
import { freshStore, type LedgerStore, plain } from './ledger-store.ts';

const at = Temporal.Instant.from;
const LONG_AGO = at('1970-01-01T00:00:00Z');

/** How every ledger keeps what alerts ask for. */
export function describeLedgerRequests(name: string, make: () => Promise<LedgerStore>): void {
  describe(`a request in the ${name} ledger`, () => {
    const fresh = freshStore(make);

    const stands = async (request: AlertRequest) => plain(await fresh.store.open().putRequest(anew(request)));

    test.each(Object.entries(REQUEST_STATES))('is given back as it was stored: %s', async (_, differing) => {
      const request = alertRequest(differing);
      expect(plain(await fresh.ledger.putRequest(request))).toEqual(plain(request));
      expect(await stands(request)).toEqual(plain(request));
    });

    test('is a first version, whatever is put', async () => {
      const request = alertRequest({ version: 4 });
      expect(await fresh.ledger.putRequest(request)).toMatchObject({ version: 1, writeId: 'write-1' });
      expect(await stands(request)).toMatchObject({ version: 1, writeId: 'write-1' });
    });

    test('that is put by many at the same moment is stored once, and all see the same', async () => {
      const copies = Array.from({ length: 20 }, (_, index) => alertRequest({ writeId: `run-${index}` }));
      const seen = await Promise.all(copies.map((copy) => fresh.store.open().putRequest(copy)));
      const writers = new Set(seen.map((one) => ('writeId' in one ? one.writeId : one.damage)));
      expect(writers.size).toBe(1);
      expect([...writers][0]).toMatch(/^run-\d+$/);
    });

    test('that comes again is what it has become, and is not opened again', async () => {
      await fresh.ledger.putRequest(alertRequest());
      const served = alertRequest({ state: 'served', tasks: ['task-1'], version: 2, writeId: 'write-2' });
      expect(await fresh.ledger.saveRequest(served)).toBe(true);
      expect(plain(await fresh.ledger.putRequest(alertRequest({ writeId: 'copy' })))).toEqual(plain(served));
      expect((await fresh.ledger.listOpen('acme-prod')).requests).toEqual([]);
    });

    test('whose write is repeated by the network is itself, and what it has become once another has written', async () => {
      const request = alertRequest();
      await fresh.ledger.putRequest(request);
      expect(plain(await fresh.ledger.putRequest(request))).toEqual(plain(request));
      const next = alertRequest({ lost: [request.window], version: 2, writeId: 'other' });
      await fresh.ledger.saveRequest(next);
      expect(plain(await fresh.ledger.putRequest(request))).toEqual(plain(next));
    });

    test('is kept apart from those of other alerts, windows, filters and targets', async () => {
      const { window } = alertRequest();
      const requests = [
        alertRequest(),
        alertRequest({ alertId: 'x'.repeat(3_000) }),
        alertRequest({ alertId: `${'x'.repeat(3_000)}y` }),
        alertRequest({ window: { ...window, end: at('2026-11-22T12:00:00Z') } }),
        alertRequest({ filters: {} }),
        alertRequest({ targetId: 'acme' }),
      ].map((request, index) => ({ ...request, writeId: `write-${index}` }));
      for (const request of requests) await fresh.ledger.putRequest(request);
      for (const request of requests) expect(await stands(request)).toEqual(plain(request));
    });

    test('is in no listing of windows', async () => {
      await fresh.ledger.putRequest(alertRequest());
      expect(await fresh.ledger.list('acme-prod', LONG_AGO)).toEqual([]);
      expect(await fresh.ledger.newestExports('acme-prod', LONG_AGO)).toEqual([]);
    });

    test('is not stored where it could not be read again', async () => {
      const request = alertRequest({ exhausted: { attempts: 0.5, spans: [] } });
      await expect(fresh.ledger.putRequest(request)).rejects.toThrow(InfrastructureError);
      await expect(fresh.ledger.saveRequest(request)).rejects.toThrow(
        /Could not write the request of alert arn:\S+\/f to target acme-prod to the ledger /,
      );
      expect((await fresh.store.open().listOpen('acme-prod')).requests).toEqual([]);
    });

    test.each<readonly [string, Record<string, string>, RegExp]>([
      ['whose document is no JSON', { document: '{"schema":1,' }, /JSON/],
      ['whose document lacks a time', { document: '{"schema":1}' }, /updated_at Invalid input/],
      ['of another state than its document', { state: 'lost' }, /its state is open, and the row's is lost/],
      [
        'with the document of another',
        { document: requestCodec.toJson(alertRequest({ filters: {} })) },
        /its request is [0-9a-f]{32}, and the row's is [0-9a-f]{32}$/,
      ],
      [
        'with a document of another version',
        { document: requestCodec.toJson(alertRequest({ version: 2 })) },
        /its version is 2, and the row's is 1/,
      ],
    ])('%s is told as unreadable, put again or listed, beside the others', async (_, columns, damage) => {
      const request = alertRequest();
      const other = alertRequest({ alertId: 'other' });
      for (const one of [request, other]) await fresh.ledger.putRequest(one);
      const row = `request/${requestId(request)}`;
      await fresh.store.spoil('acme-prod', row, columns);
      const unreadable = {
        state: 'unreadable',
        request: row,
        damage: expect.stringMatching(damage),
        version: 1,
      };
      expect(await stands(request)).toEqual(unreadable);
      const { requests } = await fresh.ledger.listOpen('acme-prod');
      expect(requests).toHaveLength(2);
      expect(plain(requests)).toEqual(expect.arrayContaining([unreadable, plain(other)]));
    });

    test('that a newer release wrote is told as such, and is not put again', async () => {
      const request = alertRequest();
      await fresh.ledger.putRequest(request);
      const row = `request/${requestId(request)}`;
      await fresh.store.spoil('acme-prod', row, { document: '{"schema":2}' });
      await expect(stands(request)).rejects.toThrow(/a newer release wrote its row/);
      const damage = expect.stringMatching(/a newer release wrote the row/);
      expect((await fresh.ledger.listOpen('acme-prod')).requests).toEqual([
        { state: 'unreadable', request: row, damage },
      ]);
    });
  });

  describe(`the requests that the ${name} ledger has for 400 days`, () => {
    const fresh = freshStore(make);

    test('are there until then, and open ones for as long as they are open', async () => {
      const { ledger } = fresh;
      const closed = alertRequest({ state: 'served', tasks: ['task-1'] });
      const open = alertRequest({ alertId: 'open' });
      for (const request of [closed, open]) await ledger.putRequest(request);
      const expiry = expiryOf(closed);
      if (!expiry) throw new Error('never expires');
      await ledger.expireRequests('acme-prod', expiry.subtract({ nanoseconds: 1 }));
      await ledger.expireRequests('acme', expiry.add({ hours: 1 }));
      expect(await ledger.putRequest(anew(closed))).toMatchObject({ writeId: 'write-1' });
      await ledger.expireRequests('acme-prod', expiry.add({ hours: 24 * 4000 }));
      expect(await ledger.putRequest(anew(open))).toMatchObject({ writeId: 'write-1' });
    });
  });
}

/** The same request as somebody puts it for the first time. */
function anew(request: AlertRequest): AlertRequest {
  return { ...request, state: 'open', lost: [], tasks: [], version: 1, writeId: 'another' };
}
