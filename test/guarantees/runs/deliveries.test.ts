import fc from 'fast-check';
import { expect, it } from 'vitest';
import { expectNothingSecret, expectPartition, expectRecognisableDuplicates } from '../expectations.ts';
import type { World } from '../world.ts';
import { daysAfterStart, every, inWorld, newestEnd, START, zone } from './weeks-of-clock-changes.ts';

const NIGHTS = 9;

type Delivery = { night: number; isTwice: boolean; hoursLater: number };

const deliveries: fc.Arbitrary<Delivery[]> = fc.array(
  fc.record({
    night: fc.integer({ min: 0, max: NIGHTS }),
    isTwice: fc.boolean(),
    hoursLater: fc.integer({ min: 0, max: 9 }),
  }),
  { minLength: 1, maxLength: 14 },
);

it('runs that come twice, late and in any order export what they would have once and in time', async () => {
  await fc.assert(
    fc.asyncProperty(deliveries, zone, every, (plan, time_zone, length) =>
      inWorld({ time_zone, every: length }, (world, origin) => deliver(world, plan, origin)),
    ),
    { numRuns: 60 },
  );
});

async function deliver(world: World, plan: readonly Delivery[], origin: string): Promise<void> {
  world.time.now = daysAfterStart(NIGHTS);
  for (const { night, isTwice, hoursLater } of plan) {
    world.later({ hours: hoursLater });
    const scheduled = daysAfterStart(night).toString();
    await Promise.all([world.run(scheduled), isTwice ? world.run(scheduled) : undefined]);
  }
  const newest = Math.max(...plan.map(({ night }) => night));
  await expectEachOnce(world, origin, newestEnd(world, daysAfterStart(newest)));
}

it('a run that comes after the next one, before which no run had ever been, exports its window too', async () => {
  await inWorld({ time_zone: 'UTC', every: 'P1D' }, async (world) => {
    world.time.now = daysAfterStart(1);
    await world.run(START.subtract({ hours: 24 }).toString());
    await world.run(world.time.now.toString());
    await expectEachOnce(world, '2026-03-18T00:00:00Z', '2026-03-21T00:00:00Z');
  });
});

it('a clock that steps changes neither the windows nor their number', async () => {
  const steps = fc.array(fc.integer({ min: -5, max: 180 }), { minLength: 3, maxLength: 10 });
  await fc.assert(
    fc.asyncProperty(steps, every, (minutes, length) =>
      inWorld({ time_zone: 'Europe/Berlin', every: length }, (world, origin) =>
        stepThrough(world, minutes, origin),
      ),
    ),
    { numRuns: 30 },
  );
});

// The schedule is right. The clock of the machine jumps ahead, and back again.
async function stepThrough(world: World, minutes: readonly number[], origin: string): Promise<void> {
  for (const [index, step] of minutes.entries()) {
    const scheduled = daysAfterStart(index + 1);
    for (const wrong of [step, -step]) {
      world.time.now = scheduled.add({ minutes: Math.max(wrong, -5) });
      await world.run(scheduled.toString());
      await world.run(scheduled.toString(), 'sweep');
    }
  }
  await expectEachOnce(world, origin, newestEnd(world, daysAfterStart(minutes.length)));
}

async function expectEachOnce(world: World, from: string, to: string): Promise<void> {
  const messages = await world.messages();
  expectPartition(messages, from, to);
  expectRecognisableDuplicates(messages);
  await expectNothingSecret(world);
  expect(world.emulator.tasks()).toHaveLength(messages.length);
}
