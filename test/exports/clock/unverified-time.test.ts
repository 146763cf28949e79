import { expect, it } from 'vitest';
import { ClockError } from '../../../lib/domain/errors.ts';
import { beginBackfill } from '../../../lib/exports/backfill/open-backfills.ts';
import { at, days, runningTarget } from '../running-target.ts';

// Of lib/exports/coverage: init-coverage.ts and advance-coverage.ts, where the time at Huawei is not known.

const openClocks = () => async () => ({
  state: 'unknown' as const,
  error: new ClockError('No host has a Date.'),
});

it('a start_at of long ago waits for a run that knows how far back Huawei has records, and is no loss then', async () => {
  const { calendar, pass, ports, published, reported, stored } = await runningTarget({
    start_at: '1970-01-01T00:00:00Z',
  });
  pass({ hours: 1 });
  const first = await calendar({ ports: { ...ports(), openClocks } });
  expect(first.failed.map(({ kind }) => kind)).toEqual(['clock']);
  expect(await published()).toEqual(['11-22/11-23']);
  expect((await stored())?.coveredFrom).toEqual(at('2026-11-22T00:00:00Z'));
  pass({ hours: 1 });
  expect(await calendar()).toMatchObject({ published: 29, failed: [], lost: [] });
  expect(reported('before_retention')).toHaveLength(1);
  expect((await stored())?.coveredFrom).toEqual(at('2026-10-24T02:40:00Z'));
  expect((await published()).slice(1)).toEqual([
    '10-24T02:40/10-25',
    '10-25/10-26',
    ...days('10-26', '11-21'),
  ]);
});

it('a clock that is 40 days ahead ends no backfill', async () => {
  const { calendar, sweep, pass, clock, ports, targetWith, stored } = await runningTarget();
  await calendar();
  pass({ minutes: 1 });
  await sweep();
  const range = { start: at('2026-11-10T00:00:00Z'), end: at('2026-11-12T00:00:00Z') };
  await beginBackfill(ports(), targetWith(), [range]);
  const ahead = clock().add({ hours: 24 * 40 });
  await calendar({ at: ahead, ports: { ...ports(), ownClock: () => ahead, openClocks } });
  expect((await stored())?.lookbackFrom).toEqual(range.start);
  expect((await stored())?.openBackfills).toEqual([range]);
});

it('a firing that a clock ahead has noted is set right by the next run that knows the time', async () => {
  const { calendar, sweep, pass, clock, ports, stored } = await runningTarget({
    schedule: 'rate(1 hour)',
    window: { every: 'PT1H' },
  });
  await calendar();
  const ahead = clock().add({ hours: 30 });
  await calendar({ at: ahead, ports: { ...ports(), ownClock: () => ahead, openClocks } });
  pass({ hours: 3 });
  const now = clock();
  await sweep();
  expect((await stored())?.lastFiring).toEqual(now);
});

it('a sweep without a known time leaves what was due at the latest firing, and nothing that became due later', async () => {
  const { calendar, sweep, pass, ports, reported } = await runningTarget({ window: { every: 'PT1H' } });
  await calendar();
  pass({ hours: 12 });
  // Twelve more hours are due by now, and the schedule fires at 00:35. Its task is not confirmed, so the sweep is not idle.
  const unknown = () => ({ ...ports(), openClocks });
  expect(await sweep({ ports: unknown() })).toMatchObject({
    deferred: 0,
    failed: [{ kind: 'clock' }],
  });
  expect(reported('windows_deferred')).toEqual([]);
  pass({ hours: 12, minutes: 30 });
  // Half an hour after the next firing, whose windows nobody can say to be over.
  expect(await sweep({ ports: unknown() })).toMatchObject({
    deferred: 24,
    failed: [{ kind: 'clock' }],
  });
});
