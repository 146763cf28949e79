import { writeFileSync } from 'node:fs';
import { DEMO_ACCOUNT } from '../../../lib/emulator/iam/accounts.ts';
import { createRandom, type Random } from '../../../lib/emulator/logins/random.ts';
import type { ScenarioInput } from '../../../lib/emulator/scenarios/scenario.ts';
import { mortalPorts } from '../../support/runs/killed-run.ts';
import { createWorld, type RunKind, type Stores, type World } from '../world.ts';

const NIGHTS = 8;
const START = '2026-11-10T00:35:00Z';

/** What came of one life under bad conditions: everything is over, and what was left was given its chance. */
export type Life = { world: World; runs: number; secrets: string[]; from: string; to: string };

/** Some nights of a target whose cloud, network, secrets and processes fail as a seed says, and then a quiet end. */
export async function liveThrough(stores: Stores, seed: number): Promise<Life> {
  const random = createRandom(seed);
  const every = random.pick(['P1D', 'PT12H', 'PT6H']);
  const world = await createWorld(stores, {
    start: START,
    settings: { window: { every }, max_attempts: 20 },
  });
  const life = { world, runs: 0, secrets: [DEMO_ACCOUNT.user.password] };
  await badRun(life, random, { scheduled: START, scope: 'calendar' });
  for (let night = 1; night <= NIGHTS; night += 1) {
    world.later({ hours: 24 });
    const scheduled = START.replace('-10T', `-${10 + night}T`);
    for (const scope of random.pick([
      ['calendar'],
      ['calendar', 'sweep'],
      ['sweep', 'calendar', 'calendar'],
      [],
    ])) {
      await badRun(life, random, { scheduled, scope: scope as RunKind });
      world.later({ minutes: random.pick([0, 1, 7]) });
    }
  }
  const to = await quietEnd(life);
  return { ...life, from: (await firstStart(world)) ?? '', to };
}

type Living = { world: World; runs: number; secrets: string[] };
type Run = { scheduled: string; scope: RunKind };

async function badRun(life: Living, random: Random, { scheduled, scope }: Run): Promise<void> {
  const { world } = life;
  world.emulator.setScenario(badWeather(random));
  if (random.below(4) === 0) rotate(life, random);
  if (random.below(4) === 0) world.emulator.revokeTokens();
  spoilTasks(world, random);
  const mayDie = random.below(3) === 0;
  const { died, ports } = mortalPorts(
    world.ports(),
    mayDie ? { when: random.pick(['before', 'after']), index: random.below(30) } : undefined,
  );
  const both = random.below(4) === 0;
  life.runs += both ? 2 : 1;
  await Promise.all([
    Promise.race([died, world.run(scheduled, scope, ports)]),
    both ? world.run(scheduled, 'calendar') : undefined,
  ]);
}

type Step = NonNullable<ScenarioInput['steps']>[number];

function badWeather(random: Random): ScenarioInput {
  const on = () => random.pick(['export', 'export', 'tasks', 'token', 'any'] as const);
  const times = () => 1 + random.below(4);
  const kinds: (() => Step['effect'])[] = [
    () => ({ type: 'throttle' }),
    () => ({ type: 'throttle', retry_after: 0 }),
    () => ({ type: 'throttle', retry_after: 30, retry_after_form: 'http_date' }),
    () => ({ type: 'status', status: random.pick([500, 502, 503, 504]) }),
    () => ({ type: 'cut', when: 'before' }),
    () => ({ type: 'cut', when: 'after' }),
    () => ({ type: 'wrong_json' }),
    () => ({ type: 'error_code_in_200' }),
    () => ({ type: 'revoke_tokens' }),
    () => ({ type: 'forbidden' }),
    () => ({ type: 'pass' }),
  ];
  const steps: Step[] = Array.from({ length: random.below(7) }, () => ({
    on: on(),
    times: times(),
    effect: random.pick(kinds)(),
  }));
  const slow: Step[] =
    random.below(25) === 0 ? [{ on: 'export', times: 1, effect: { type: 'slow', milliseconds: 2_000 } }] : [];
  const spoilt: Step[] =
    random.below(5) === 0
      ? [{ on: 'export', times: 1, effect: { type: 'fail_task', reason: 'no space left' } }]
      : [];
  return { steps: [...slow, ...spoilt, ...steps] };
}

// The account gets a new password; the store may be told at once, or only before the next night.
function rotate(life: Living, random: Random): void {
  const password = `fake-rotated-${random.hex(12)}`;
  life.secrets.push(password);
  life.world.emulator.setPassword({ ...DEMO_ACCOUNT.user, password });
  if (random.below(2) === 0) tellStore(life);
}

function tellStore({ world, secrets }: Living): void {
  const document = { 'huawei/acme': { kind: 'password', ...DEMO_ACCOUNT.user, password: secrets.at(-1) } };
  writeFileSync(world.secrets, JSON.stringify(document), { mode: 0o600 });
}

function spoilTasks({ emulator }: World, random: Random): void {
  const last = emulator.tasks().at(-1);
  const spoil = random.below(8);
  if (!last || last.status === 'FAIL') return;
  if (spoil === 0) emulator.failTask(last.id, 'the file system was full');
  if (spoil === 1) emulator.expireTask(last.id);
  if (spoil === 2) emulator.markDownloaded(last.id);
}

/** The cloud is well again: a night and some sweeps later nothing may be open. */
async function quietEnd(life: Living): Promise<string> {
  const { world } = life;
  tellStore(life);
  world.emulator.setScenario({ steps: [] });
  world.later({ hours: 24 });
  const scheduled = START.replace('-10T', `-${10 + NIGHTS + 1}T`);
  for (const scope of ['calendar', 'sweep', 'sweep', 'sweep'] as const) {
    await world.run(scheduled, scope);
    world.later({ minutes: 20 });
    life.runs += 1;
  }
  return scheduled;
}

async function firstStart(world: World): Promise<string | undefined> {
  return (await world.ports().ledger.findTarget(world.target.id))?.coveredFrom?.toString();
}
