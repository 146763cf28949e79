import type { Temporal } from 'temporal-polyfill';
import { expect, it } from 'vitest';
import type { Ledger } from '../../lib/ports.ts';
import { type Death, mortalPorts } from '../support/dead-run.ts';
import { PASSWORD, secretsFile } from '../support/huawei.ts';
import { expectNothingSecret, expectPartition, expectRecognisableDuplicates } from './promises.ts';
import { createWorld, type LedgerKind, openLedger, type RunKind, type World } from './world.ts';

/** What led to the run that is killed, what it and its successor are, and what must be announced in the end. */
export type Story = {
  name: string;
  before: (world: World) => Promise<void>;
  scheduled: string;
  /** Between the first death and the second run; the leases are over by then unless it is short. */
  pause?: Temporal.DurationLike;
  second: { scheduled: string; scope: RunKind };
  /** Scheduled times of the runs that come after; each is followed by a sweep. */
  after: readonly string[];
  announced: { from: string; to: string };
};

const START = '2026-11-20T00:35:00Z';

/**
 * Stops a run dead before and after every call it makes of a port, and its successor likewise, in every pairing; then
 * lets runs go on. The calls are found by making them, so a new one is covered without anyone thinking of it.
 */
export function describeKillPoints(kind: LedgerKind, story: Story): void {
  it(`${kind}: ${story.name}`, { timeout: 600_000 }, async () => {
    const shared = { ledger: await openLedger(kind), secrets: secretsFile({ 'huawei/acme': PASSWORD }) };
    const reached = { first: 0, pairs: 0 };
    for (const first of deaths()) {
      if (!(await pairsOf(shared, story, first, reached))) break;
      reached.first += 1;
    }
    // A run that makes no calls would pass everything.
    expect(reached.first).toBeGreaterThan(15);
    expect(reached.pairs).toBeGreaterThan(reached.first);
  });
}

type Shared = { ledger: Ledger; secrets: string };

async function pairsOf(shared: Shared, story: Story, first: Death, reached: { pairs: number }) {
  for (const second of deaths()) {
    const deadly = await livesOn(shared, story, first, second);
    if (!deadly.first) return false;
    if (!deadly.second) return true;
    reached.pairs += 1;
  }
  return true;
}

function* deaths(): Generator<Death> {
  for (let index = 0; ; index += 1) {
    yield { when: 'before', index };
    yield { when: 'after', index };
  }
}

async function livesOn({ ledger, secrets }: Shared, story: Story, first: Death, second: Death) {
  const world = await createWorld(ledger, { start: START, secrets });
  try {
    await story.before(world);
    const isDeadFirst = await killed(world, first, story.scheduled, 'calendar');
    world.later(story.pause ?? { minutes: 7 });
    const isDeadSecond = await killed(world, second, story.second.scheduled, story.second.scope);
    for (const scheduled of story.after) {
      world.later({ minutes: 7 });
      await world.run(scheduled);
      world.later({ minutes: 7 });
      await world.run(scheduled, 'rows');
    }
    await expectPromises(world, story).catch((error) => {
      throw new Error(`after ${JSON.stringify({ first, second })}: ${error}`, { cause: error });
    });
    return { first: isDeadFirst, second: isDeadSecond };
  } finally {
    await world.close();
  }
}

/** Resolves to whether the run died, once it is dead or done. */
function killed(world: World, death: Death, scheduled: string, scope: RunKind): Promise<boolean> {
  const { died, ports } = mortalPorts(world.ports(), death);
  return Promise.race([died.then(() => true), world.run(scheduled, scope, ports).then(() => false)]);
}

async function expectPromises(world: World, { announced: { from, to } }: Story): Promise<void> {
  const messages = await world.messages();
  expectPartition(messages, from, to);
  expectRecognisableDuplicates(messages);
  await expectNothingSecret(world);
  const entries = await world.entries();
  expect(new Set(entries.map(({ state }) => state))).toEqual(new Set(['confirmed']));
  const announcedTasks = new Set(messages.map(({ data }) => data.task_id));
  const attempts = new Set(messages.map(({ subject, data }) => `${subject} ${data.attempt}`));
  expect(announcedTasks.size).toBe(attempts.size);
  const orphans = world.emulator.tasks().length - announcedTasks.size;
  expect(orphans).toBeGreaterThanOrEqual(0);
  expect(orphans).toBeLessThanOrEqual(2);
}
