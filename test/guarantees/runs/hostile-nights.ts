import { writeFileSync } from 'node:fs';
import { DEMO_ACCOUNT } from '../../../lib/emulator/iam/accounts.ts';
import { createRandom, type Random } from '../../../lib/emulator/logins/random.ts';
import type { ScenarioInput } from '../../../lib/emulator/scenarios/scenario.ts';
import { mortalPorts } from '../../support/runs/killed-run.ts';
import { createWorld, type RunKind, type Stores, type World } from '../world.ts';

const NIGHTS = 8;
const START = '2026-11-10T00:35:00Z';

/** The result of the runs of one seed: all failures are over, and later runs had time to finish. */
export type HostileRuns = { world: World; runs: number; secrets: string[]; from: string; to: string };

/** Some nights with failures of cloud, network, secrets and processes, as a seed decides, and then a quiet end. */
export async function runHostileNights(stores: Stores, seed: number): Promise<HostileRuns> {
  const random = createRandom(seed);
  const every = random.pick(['P1D', 'PT12H', 'PT6H']);
  const world = await createWorld(stores, {
    start: START,
    settings: { window: { every }, max_attempts: 20 },
  });
  const progress = { world, runs: 0, secrets: [DEMO_ACCOUNT.user.password] };
  await badRun(progress, random, { scheduled: START, scope: 'calendar' });
  for (let night = 1; night <= NIGHTS; night += 1) {
    world.later({ hours: 24 });
    const scheduled = START.replace('-10T', `-${10 + night}T`);
    for (const scope of random.pick([
      ['calendar'],
      ['calendar', 'sweep'],
      ['sweep', 'calendar', 'calendar'],
      [],
    ])) {
      await badRun(progress, random, { scheduled, scope: scope as RunKind });
      world.later({ minutes: random.pick([0, 1, 7]) });
    }
  }
  const to = await quietEnd(progress);
  return { ...progress, from: (await firstStart(world)) ?? '', to };
}

type Progress = { world: World; runs: number; secrets: string[] };
type Run = { scheduled: string; scope: RunKind };

async function badRun(progress: Progress, random: Random, { scheduled, scope }: Run): Promise<void> {
  const { world } = progress;
  world.emulator.setScenario(randomScenario(random));
  if (random.below(4) === 0) rotate(progress, random);
  if (random.below(4) === 0) world.emulator.revokeTokens();
  endTasks(world, random);
  const mayDie = random.below(3) === 0;
  const { died, ports } = mortalPorts(
    world.ports(),
    mayDie ? { when: random.pick(['before', 'after']), index: random.below(30) } : undefined,
  );
  const both = random.below(4) === 0;
  progress.runs += both ? 2 : 1;
  await Promise.all([
    Promise.race([died, world.run(scheduled, scope, ports)]),
    both ? world.run(scheduled, 'calendar') : undefined,
  ]);
}

type Step = NonNullable<ScenarioInput['steps']>[number];

function randomScenario(random: Random): ScenarioInput {
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
  const failedTask: Step[] =
    random.below(5) === 0
      ? [{ on: 'export', times: 1, effect: { type: 'fail_task', reason: 'no space left' } }]
      : [];
  return { steps: [...slow, ...failedTask, ...steps] };
}

// The account gets a new password. The secret is stored at once, or only before the quiet end.
function rotate(progress: Progress, random: Random): void {
  const password = `fake-rotated-${random.hex(12)}`;
  progress.secrets.push(password);
  progress.world.emulator.setPassword({ ...DEMO_ACCOUNT.user, password });
  if (random.below(2) === 0) storeSecret(progress);
}

function storeSecret({ world, secrets }: Progress): void {
  const document = { 'huawei/acme': { kind: 'password', ...DEMO_ACCOUNT.user, password: secrets.at(-1) } };
  writeFileSync(world.secrets, JSON.stringify(document), { mode: 0o600 });
}

function endTasks({ emulator }: World, random: Random): void {
  const last = emulator.tasks().at(-1);
  const end = random.below(8);
  if (!last || last.status === 'FAIL') return;
  if (end === 0) emulator.failTask(last.id, 'the file system was full');
  if (end === 1) emulator.expireTask(last.id);
  if (end === 2) emulator.markDownloaded(last.id);
}

/** The failures end. After a night and some sweeps, no window may be open. */
async function quietEnd(progress: Progress): Promise<string> {
  const { world } = progress;
  storeSecret(progress);
  world.emulator.setScenario({ steps: [] });
  world.later({ hours: 24 });
  const scheduled = START.replace('-10T', `-${10 + NIGHTS + 1}T`);
  for (const scope of ['calendar', 'sweep', 'sweep', 'sweep'] as const) {
    await world.run(scheduled, scope);
    world.later({ minutes: 20 });
    progress.runs += 1;
  }
  return scheduled;
}

async function firstStart(world: World): Promise<string | undefined> {
  return (await world.ports().ledger.findTarget(world.target.id))?.coveredFrom?.toString();
}
