import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { TaskSubmitted } from '../../../lib/domain/exports/message.ts';
import { oldestExportable } from '../../../lib/domain/time/retention.ts';
import { nextRunAfter, parseSchedule } from '../../../lib/domain/time/schedule.ts';
import { expectNothingSecret, expectPartition, expectRecognisableDuplicates } from '../expectations.ts';
import type { World } from '../world.ts';
import { daysAfterStart, every, inWorld, newestEnd, START, zone } from './weeks-of-clock-changes.ts';

it('runs missed for 1 to 40 days are recovered, what is at risk first, then the newest, then the rest; what is lost is reported once', async () => {
  const days = fc.integer({ min: 1, max: 40 });
  await fc.assert(
    fc.asyncProperty(days, zone, every, (missed, time_zone, length) =>
      inWorld({ time_zone, every: length }, (world) => catchUp(world, missed)),
    ),
    { numRuns: 60, examples: [[40, 'UTC', 'P1D']] },
  );
});

it('runs missed for 40 days of quarter hours are recovered in one run', async () => {
  await inWorld({ time_zone: 'UTC', every: 'PT15M' }, (world) => catchUp(world, 40));
});

async function catchUp(world: World, missed: number): Promise<void> {
  const first = newestEnd(world, START);
  world.time.now = daysAfterStart(missed);
  const scheduled = world.time.now.toString();
  const cutoff = oldestExportable(world.time.now).toString();
  const [report] = (await world.run(scheduled)).targets;

  const [, ...exported] = await world.messages();
  expectPartition(exported, first < cutoff ? cutoff : first, newestEnd(world, world.time.now));
  expectRecognisableDuplicates(exported);
  expect(exported.map(({ subject }) => subject)).toEqual(inOrder(world, exported));
  expectLost(report?.lost ?? [], first, cutoff);

  const again = await world.run(scheduled);
  expect(again.targets).toMatchObject([{ published: 0, lost: [], failed: [] }]);
  expect(await world.messages()).toHaveLength(exported.length + 1);
  await expectNothingSecret(world);
}

/** First the windows at risk, then the current window of the run, then all others, each oldest first. */
function inOrder({ target, time }: World, messages: readonly TaskSubmitted[]): string[] {
  const windows = messages.map(({ subject }) => subject).sort();
  const nightly = parseSchedule(target.schedule);
  const nextRun = nightly && nextRunAfter(nightly, target.scheduleTimeZone, time.now);
  const tooLate = nextRun ? oldestExportable(nextRun).toString() : '';
  const own = windows.at(-1) ?? '';
  const risky = windows.filter((window) => window < tooLate && window !== own);
  return [...risky, own, ...windows.slice(risky.length, -1)];
}

function expectLost(lost: readonly { start: string; end: string }[], from: string, cutoff: string): void {
  const borders = lost.flatMap(({ start, end }) => [start, end]);
  expect([borders.at(0), borders.at(-1)]).toEqual(from < cutoff ? [from, cutoff] : [undefined, undefined]);
  for (const [index, { start }] of lost.slice(1).entries()) expect(start).toBe(lost[index]?.end);
}
