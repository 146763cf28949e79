import { expect, it } from 'vitest';
import { entryOf, type WindowEntry, type WindowRow } from '../../../lib/domain/ledger/window-row.ts';
import { shareListing } from '../../../lib/exports/run/shared-listing.ts';
import { windowRow } from '../../support/ledger/window-rows.ts';
import { at, never, runningTarget } from '../running-target.ts';

const START = at('2026-11-20T00:00:00Z');

/** The rows of some days in a ledger, shared from `from` on, and how often the ledger itself is listed. */
async function sharedLedger(from = START) {
  const local = await runningTarget();
  const inner = local.ports();
  let listings = 0;
  const list: typeof inner.ledger.list = (...given) => {
    listings += 1;
    return inner.ledger.list(...given);
  };
  const shared = shareListing({ ...inner, ledger: { ...inner.ledger, list } }, from);
  const listed = async (after = START) => shown(await shared.ledger.list('acme', after));
  return { ports: shared, inner, listed, listings: () => listings };
}

function row(day: number, version = 1): WindowRow {
  const [start, end] = [day, day + 1].map((of) => at(`2026-11-${of}T00:00:00Z`));
  if (!start || !end) throw new Error('There are two.');
  const state = { state: 'claimed', leaseUntil: at('2026-11-30T00:00:00Z') } as const;
  return windowRow(
    { targetId: 'acme', window: { start, end }, version, writeId: `${day}-${version}` },
    state,
  );
}

function shown(entries: readonly WindowEntry[]): string[] {
  return entries.map(({ window, state }) => `${window.start.toString().slice(8, 10)} ${state}`);
}

it('is read once for all later starts, with what the run itself writes, at the same time too', async () => {
  const { ports, listed, listings } = await sharedLedger();
  await ports.ledger.save(row(24));
  expect(await listed()).toEqual(['24 claimed']);
  await Promise.all([22, 25, 21].map((day) => ports.ledger.save(row(day))));
  expect(await listed()).toEqual(['21 claimed', '22 claimed', '24 claimed', '25 claimed']);
  await ports.ledger.save({ ...row(22, 2), state: 'lost', lostAt: START } as WindowRow);
  expect(await listed(at('2026-11-22T00:00:00Z'))).toEqual(['22 lost', '24 claimed', '25 claimed']);
  expect(listings()).toBe(1);
});

it('is read from the earliest time that is known, and again for an earlier one', async () => {
  const { listed, listings } = await sharedLedger();
  await listed(at('2026-11-24T00:00:00Z'));
  await listed(START);
  expect(listings()).toBe(1);
  await listed(START.subtract({ hours: 1 }));
  expect(listings()).toBe(2);
});

it('is read again where another run was quicker, a write fails, the run waits, or a fresh one is asked for', async () => {
  const { ports, inner, listed, listings } = await sharedLedger();
  await listed();
  await inner.ledger.save(row(22));
  expect(await ports.ledger.save({ ...row(22), writeId: 'ours' })).toBe(false);
  expect(await listed()).toEqual(['22 claimed']);
  await inner.ledger.save(row(23));
  await ports.wait(1, never);
  expect(await listed()).toEqual(['22 claimed', '23 claimed']);
  await inner.ledger.save(row(24));
  await ports.ledger.list('acme', START, { fresh: true });
  expect(await listed()).toHaveLength(3);
  expect(listings()).toBe(4);
});

it('does not keep a listing during which the run writes', async () => {
  const { ports, listed, listings } = await sharedLedger();
  await Promise.all([listed(), ports.ledger.save(row(22))]);
  expect(await listed()).toEqual(['22 claimed']);
  expect(await listed()).toEqual(['22 claimed']);
  expect(listings()).toBe(2);
});

it('has an export for an alert once, also one whose damaged row is repaired', async () => {
  const { inner } = await sharedLedger();
  const alertExport = { number: 7, orderedAt: START };
  const window = { start: START, end: at('2026-11-20T01:00:00Z') };
  const state = { state: 'claimed', leaseUntil: at('2026-11-30T00:00:00Z') } as const;
  const export7 = windowRow({ targetId: 'acme', window, reason: 'alert', alertExport }, state);
  const { series } = entryOf(export7);
  const damaged = { ...entryOf(export7), state: 'unreadable', filtersDigest: '', series } as WindowEntry;
  const shared = shareListing({ ...inner, ledger: { ...inner.ledger, list: async () => [damaged] } }, START);
  expect(shown(await shared.ledger.list('acme', START))).toEqual(['20 unreadable']);
  await shared.ledger.save(export7);
  expect(shown(await shared.ledger.list('acme', START))).toEqual(['20 claimed']);
});

it('is read again where the writes of other runs matter, and kept as it then is', async () => {
  const { ports, inner, listed, listings } = await sharedLedger();
  await listed();
  await inner.ledger.save(row(22));
  expect(shown(await ports.ledger.list('acme', START, { fresh: true }))).toEqual(['22 claimed']);
  expect(await listed()).toEqual(['22 claimed']);
  expect(listings()).toBe(2);
});

it('is not kept where two damaged rows have one name', async () => {
  const { inner } = await sharedLedger();
  const damaged = { ...entryOf(row(22)), state: 'unreadable', filtersDigest: '' } as WindowEntry;
  const list = async () => [damaged, damaged];
  const ports = shareListing({ ...inner, ledger: { ...inner.ledger, list } }, START);
  await ports.ledger.list('acme', START);
  expect(shown(await ports.ledger.list('acme', START))).toEqual(['22 unreadable', '22 unreadable']);
});
