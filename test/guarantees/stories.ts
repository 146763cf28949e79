import type { Story } from './kill-points.ts';

const NIGHTS = {
  first: '2026-11-20T00:35:00Z',
  missed: '2026-11-21T00:35:00Z',
  third: '2026-11-22T00:35:00Z',
};

/** A night was missed, and the run after it dies, twice. */
export const CAUGHT_UP: Story = {
  name: 'a run that catches up and dies is made good by the same event, delivered again',
  before: async (world) => {
    await world.run(NIGHTS.first);
    world.later({ hours: 48 });
  },
  scheduled: NIGHTS.third,
  second: { scheduled: NIGHTS.third, scope: 'calendar' },
  after: [NIGHTS.third],
  announced: { from: '2026-11-19T00:00:00Z', to: '2026-11-22T00:00:00Z' },
};

/** The task of the night before has failed: its window is a hole again. */
export const TASK_FAILED: Story = {
  name: 'a run that orders a failed task again and dies is made good by the sweep and the next night',
  before: async (world) => {
    await world.run(NIGHTS.first);
    world.later({ hours: 24 });
    for (const { id } of world.emulator.tasks()) world.emulator.failTask(id, 'no space left');
  },
  scheduled: NIGHTS.missed,
  second: { scheduled: NIGHTS.missed, scope: 'rows' },
  after: [NIGHTS.missed],
  announced: { from: '2026-11-19T00:00:00Z', to: '2026-11-21T00:00:00Z' },
};

/** The successor comes at once, while the dead run's leases still run: it must leave those alone, and later runs not. */
export const LEASE_RUNS: Story = {
  name: 'a run that comes at once after one that died waits for its leases, and those after it finish',
  before: async (world) => {
    await world.run(NIGHTS.first);
    world.later({ hours: 24 });
  },
  scheduled: NIGHTS.missed,
  pause: { seconds: 1 },
  second: { scheduled: NIGHTS.missed, scope: 'calendar' },
  after: [NIGHTS.missed],
  announced: { from: '2026-11-19T00:00:00Z', to: '2026-11-21T00:00:00Z' },
};

/** The very first run of a target dies: where coverage begins must not depend on how far it came. */
export const FIRST_EVER: Story = {
  name: 'the first run ever that dies is made good by the same event, delivered again',
  before: async () => undefined,
  scheduled: NIGHTS.first,
  second: { scheduled: NIGHTS.first, scope: 'calendar' },
  after: [NIGHTS.first],
  announced: { from: '2026-11-19T00:00:00Z', to: '2026-11-20T00:00:00Z' },
};
