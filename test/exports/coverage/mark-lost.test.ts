import { expect, it } from 'vitest';
import { markLost } from '../../../lib/exports/coverage/mark-lost.ts';
import { at, never, runningTarget, short } from '../running-target.ts';

const START = at('2026-09-01T00:00:00Z');

async function lossesOf(hours: number) {
  const { ports, targetWith, entries, clock } = await runningTarget({ window: { every: 'PT1H' } });
  const trigger = { kind: 'schedule', scheduled_time: clock().toString() } as const;
  const input = { target: targetWith(), scheduledTime: clock(), trigger };
  const pastCutoff = [{ start: START, end: START.add({ hours }) }];
  const reported = await markLost(ports(), input, { entries: [], pastCutoff }, never);
  const rows = (await entries()).map(({ window }) => short(window));
  expect(reported.map(short)).toEqual(rows);
  return rows;
}

// Eight days of hours are reported one by one; what a target missed in years is one row and one line of the log.
it('a span of 200 windows is lost window by window, and one of more as a whole', async () => {
  const windows = await lossesOf(200);
  expect(windows).toHaveLength(200);
  expect(windows[0]).toBe('09-01/09-01T01:00');
  expect(await lossesOf(201)).toEqual(['09-01/09-09T09:00']);
});
