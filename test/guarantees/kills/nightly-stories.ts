import type { Temporal } from 'temporal-polyfill';
import { expect } from 'vitest';
import {
  expectAllConfirmed,
  expectFewOrphans,
  expectNothingSecret,
  expectPartition,
  expectRecognisableDuplicates,
} from '../expectations.ts';
import type { RunKind, World } from '../world.ts';
import type { Story } from './kill-points.ts';

const NIGHTS = {
  first: '2026-11-20T00:35:00Z',
  missed: '2026-11-21T00:35:00Z',
  third: '2026-11-22T00:35:00Z',
};

/** A night was missed. The next run is killed, and so is its successor. */
export const CAUGHT_UP = nightly({
  name: 'a run that catches up and dies is recovered by the same event, delivered again',
  before: async (world) => {
    await world.run(NIGHTS.first);
    world.later({ hours: 48 });
  },
  scheduled: NIGHTS.third,
  published: { from: '2026-11-19T00:00:00Z', to: '2026-11-22T00:00:00Z' },
});

/** The task of the night before has failed: its window is a gap again. */
export const TASK_FAILED = nightly({
  name: 'a run that submits a failed task again and dies is recovered by the sweep and the next night',
  before: async (world) => {
    await world.run(NIGHTS.first);
    world.later({ hours: 24 });
    for (const { id } of world.emulator.tasks()) world.emulator.failTask(id, 'no space left');
  },
  scheduled: NIGHTS.missed,
  second: 'sweep',
  published: { from: '2026-11-19T00:00:00Z', to: '2026-11-21T00:00:00Z' },
});

/** The successor starts at once, within the leases of the killed run. It must not take those windows; later runs must. */
export const LEASE_RUNS = nightly({
  name: 'a run that comes at once after one that died waits for its leases, and those after it finish',
  before: async (world) => {
    await world.run(NIGHTS.first);
    world.later({ hours: 24 });
  },
  scheduled: NIGHTS.missed,
  pause: { seconds: 1 },
  published: { from: '2026-11-19T00:00:00Z', to: '2026-11-21T00:00:00Z' },
});

/** The first run of a target is killed. The start of coverage must not depend on how far the run came. */
export const FIRST_EVER = nightly({
  name: 'the first run ever that dies is recovered by the same event, delivered again',
  before: async () => undefined,
  scheduled: NIGHTS.first,
  published: { from: '2026-11-19T00:00:00Z', to: '2026-11-20T00:00:00Z' },
});

type Night = Pick<Story, 'name' | 'before'> & {
  /** The scheduled time of the killed run, of the second run, and of one more. */
  scheduled: string;
  pause?: Temporal.DurationLike;
  /** The kind of the second run; by default the same event again. */
  second?: RunKind;
  /** What must be published in the end, without a gap and without an overlap. */
  published: { from: string; to: string };
};

function nightly({ scheduled, second, published, ...story }: Night): Story {
  return {
    ...story,
    start: NIGHTS.first,
    first: (world, ports) => world.run(scheduled, 'calendar', ports),
    second: (world, ports) => world.run(scheduled, second, ports),
    after: async (world) => {
      world.later({ minutes: 7 });
      await world.run(scheduled);
      world.later({ minutes: 7 });
      await world.run(scheduled, 'sweep');
    },
    expected: (world) => expectPromises(world, published),
  };
}

async function expectPromises(world: World, { from, to }: Night['published']): Promise<void> {
  const messages = await world.messages();
  expectPartition(messages, from, to);
  expectRecognisableDuplicates(messages);
  await expectNothingSecret(world);
  await expectAllConfirmed(world);
  const publishedTasks = new Set(messages.map(({ data }) => data.task_id));
  const attempts = new Set(messages.map(({ subject, data }) => `${subject} ${data.attempt}`));
  expect(publishedTasks.size).toBe(attempts.size);
  expectFewOrphans(world, messages);
}
