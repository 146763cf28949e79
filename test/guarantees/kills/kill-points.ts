import type { Temporal } from 'temporal-polyfill';
import { expect, it } from 'vitest';
import { PASSWORD, secretsFile } from '../../support/huawei/start-huawei.ts';
import { type Death, mortalPorts } from '../../support/runs/killed-run.ts';
import {
  createWorld,
  type LedgerKind,
  openStores,
  type Stores,
  type World,
  type WorldPorts,
} from '../world.ts';

/** What happens before the killed run, the killed run and its successor, and what must be true in the end. */
export type Story = {
  name: string;
  /** The time of the start. */
  start: string;
  before: (world: World) => Promise<unknown>;
  first: Run;
  /** The time between the first kill and the second run. By default the leases end within it. */
  pause?: Temporal.DurationLike;
  second: Run;
  /** What happens after the killed runs. */
  after: (world: World) => Promise<unknown>;
  expected: (world: World) => Promise<void>;
};

export type Run = (world: World, ports: WorldPorts) => Promise<unknown>;

/**
 * Kills a run before and after each of its calls of a port, and its successor likewise, in every combination. Then runs
 * go on. The calls are found by running, so that new calls are covered without a change here.
 */
export function describeKillPoints(kind: LedgerKind, story: Story): void {
  it(`${kind}: ${story.name}`, async () => {
    const shared = { ...(await openStores(kind)), secrets: secretsFile({ 'huawei/acme': PASSWORD }) };
    const reached = { first: 0, pairs: 0 };
    for (const first of deaths()) {
      if (!(await pairsOf(shared, story, first, reached))) break;
      reached.first += 1;
    }
    // A run without calls would pass every check.
    expect(reached.first).toBeGreaterThan(8);
    expect(reached.pairs).toBeGreaterThan(reached.first);
  });
}

type Shared = Stores & { secrets: string };

async function pairsOf(shared: Shared, story: Story, first: Death, reached: { pairs: number }) {
  for (const second of deaths()) {
    const isDead = await playStory(shared, story, first, second);
    if (!isDead.first) return false;
    if (!isDead.second) return true;
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

async function playStory({ secrets, ...stores }: Shared, story: Story, first: Death, second: Death) {
  const world = await createWorld(stores, { start: story.start, secrets });
  try {
    await story.before(world);
    const isDeadFirst = await killed(world, first, story.first);
    world.later(story.pause ?? { minutes: 7 });
    const isDeadSecond = await killed(world, second, story.second);
    await story.after(world);
    await story.expected(world).catch((error) => {
      throw new Error(`after ${JSON.stringify({ first, second })}: ${error}`, { cause: error });
    });
    return { first: isDeadFirst, second: isDeadSecond };
  } finally {
    await world.close();
  }
}

/** Resolves when the run was killed or has ended; true when it was killed. */
function killed(world: World, death: Death, run: Run): Promise<boolean> {
  const { died, ports } = mortalPorts(world.ports(), death);
  return Promise.race([died.then(() => true), run(world, ports).then(() => false)]);
}
