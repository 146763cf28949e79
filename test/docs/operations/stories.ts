import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { World } from '../../guarantees/world.ts';
import { PASSWORD } from '../../support/huawei/start-huawei.ts';
import { portsByOwnClock } from '../../support/runs/own-clock.ts';
import { ROOT } from './document.ts';

type Place = {
  world: World;
  folder: string;
  writeSecret: (secret: object) => void;
  /** Writes something else than a state into every row of windows, or of requests. */
  spoilStates: (kind: 'windows' | 'requests') => Promise<void>;
};

/** What happened before somebody opens the document. `settings` are those of the target, `changed` what of them is others now. */
export type Story = {
  settings?: Record<string, unknown>;
  changed?: Record<string, unknown>;
  happens: (place: Place) => Promise<void>;
};

const always = (on: 'export' | 'tasks', type: 'forbidden' | 'throttle') => ({
  steps: [{ on, times: 'always', effect: { type } } as const],
});

/** A run of the night, and the sweep an hour after it unless that is left out. */
async function night({ world }: Place, { sweeps = true } = {}): Promise<void> {
  await world.run(world.time.now.toString());
  world.later({ hours: 1 });
  if (sweeps) await world.run(world.time.now.toString(), 'sweep');
}

const untilNextNight = ({ world }: Place) => world.later({ hours: 23 });

/** A good night, and one in which Huawei refuses, so many days ago. */
async function refusedFor(place: Place, days: number): Promise<void> {
  await night(place);
  untilNextNight(place);
  place.world.emulator.setScenario(always('export', 'forbidden'));
  await night(place);
  place.world.later({ hours: 24 * days });
}

function event(
  folder: string,
  change: (event: { detail: Record<string, unknown> }) => void = () => undefined,
) {
  const sample = JSON.parse(readFileSync(join(ROOT, 'test/fixtures/events/guardduty-iam-user.json'), 'utf8'));
  change(sample);
  writeFileSync(join(folder, 'event.json'), JSON.stringify(sample));
}

export const isNew: Story = { happens: async () => undefined };

export const isWell: Story = { happens: (place) => night(place) };

export const isUnderWay: Story = { happens: (place) => night(place, { sweeps: false }) };

export const refused: Story = { happens: (place) => refusedFor(place, 2) };
export const refusedForWeeks: Story = { happens: (place) => refusedFor(place, 21) };
export const nearlyLost: Story = { happens: (place) => refusedFor(place, 29.5) };
export const lost: Story = {
  happens: async (place) => {
    await refusedFor(place, 33);
    await place.world.run(place.world.time.now.toString(), 'sweep');
  },
};

export const exhausted: Story = {
  settings: { max_attempts: 1 },
  happens: async (place) => {
    place.world.emulator.setScenario({
      steps: [{ on: 'export', effect: { type: 'fail_task', reason: 'full' } }],
    });
    await night(place);
  },
};

export const unconfirmed: Story = {
  happens: async (place) => {
    place.world.emulator.setScenario(always('tasks', 'forbidden'));
    for (let count = 0; count < 3; count += 1) {
      await night(place);
      untilNextNight(place);
    }
  },
};

export const neverConfirmed: Story = {
  happens: async (place) => {
    const { world } = place;
    world.emulator.setScenario(always('tasks', 'forbidden'));
    await night(place);
    world.later({ hours: 31 * 24 });
    await world.run(world.time.now.toString());
  },
};

export const clockOff: Story = {
  happens: async ({ world }) => {
    await world.run(world.time.now.toString(), 'calendar', portsByOwnClock(world, -400));
  },
};

export const moved: Story = {
  changed: { project_id: 'f'.repeat(32) },
  happens: (place) => night(place),
};

export const spoilt: Story = {
  happens: async (place) => {
    await night(place);
    await place.spoilStates('windows');
  },
};

export const askedForMore: Story = {
  settings: { start_at: '2026-09-01T00:00:00Z' },
  happens: (place) => night(place),
};

export const wrongPassword: Story = {
  happens: async (place) => {
    await night(place);
    untilNextNight(place);
    place.writeSecret({ ...PASSWORD, password: 'fake-wrong-password-77e0' });
    await night(place);
  },
};

export const failedAlert: Story = {
  happens: async (place) => {
    const { world, folder } = place;
    await night(place);
    world.later({ hours: 12 });
    world.emulator.setScenario(always('export', 'forbidden'));
    await world.alert('finding-1', world.time.now.subtract({ hours: 3 }).toString());
    event(folder);
  },
};

/** An alert about somebody who was seen so many hours ago, after a good night. */
async function alertAfter(place: Place, hours: number): Promise<void> {
  const { world } = place;
  await night(place);
  await world.alert('finding-1', world.time.now.subtract({ hours }).toString());
}

export const alerted: Story = { happens: (place) => alertAfter(place, 0) };

/** Of the two hours before the sight, Huawei has but the last. */
export const lostAlert: Story = { happens: (place) => alertAfter(place, 30 * 24 - 1) };

export const exhaustedAlert: Story = {
  settings: { max_attempts: 1 },
  happens: async (place) => {
    const { world } = place;
    const effect = { type: 'fail_task', reason: 'full' } as const;
    await night(place);
    world.emulator.setScenario({ steps: [{ on: 'export', times: 'always', effect }] });
    await world.alert('finding-1', world.time.now.subtract({ hours: 48 }).toString());
    world.later({ minutes: 15 });
    await world.run(world.time.now.toString(), 'sweep');
  },
};

export const spoiltRequest: Story = {
  happens: async (place) => {
    await alertAfter(place, 0);
    await place.spoilStates('requests');
  },
};

export const unreadableAlert: Story = {
  happens: async (place) => event(place.folder, ({ detail }) => void delete detail['id']),
};
