import type { RunEvent } from '../../../../lib/domain/exports/run-events.ts';
import { targetStatus } from '../../../../lib/exports/status/target-status.ts';
import type { TargetReport } from '../../../../lib/exports/window/run-report.ts';
import type { Observed } from '../judge/observed.ts';
import { NO_FAILURES } from '../story/failures.ts';
import type { Invocation } from '../story/story.ts';
import { dyingPorts } from './dying-ports.ts';
import { newEnvironment } from './environment.ts';
import { interruptionOf } from './interruption.ts';
import { type Running, work } from './work.ts';
import type { World } from './world.ts';

/** Runs the processes of a step, and records what can be observed of them. */
export async function invoke(world: World, step: Invocation): Promise<void> {
  const { story, time, emulator, deployment } = world;
  const outages = story.outages.filter(({ from, to }) => from <= time.now() && time.now() < to);
  await deployment.injectFailures(step.failures.aws);
  const steps = [...outages.flatMap(({ steps: during = [] }) => during), ...step.failures.steps];
  emulator.setScenario(Object.assign({}, ...outages.map(({ rules }) => rules), { steps }));
  world.callMilliseconds = step.failures.callMilliseconds;
  world.requests = [];
  const times = 'times' in step ? step.times : 1;
  const processes = Array.from({ length: times }, (_, index) => process(world, step, index));
  const observed = await Promise.all(processes);
  emulator.setScenario({});
  await deployment.injectFailures(NO_FAILURES.aws);
  await record(world, step, observed);
}

async function record(world: World, step: Invocation, observed: readonly Observed[]): Promise<void> {
  const isUncertain =
    step.failures.aws.failuresInHundred > 0 || observed.some(({ ending }) => ending === 'died');
  if (isUncertain && world.requests.some(({ kind }) => kind === 'tasks')) addMaybeConfirmed(world);
  const { time, deployment } = world;
  const status = world.settings.enabled
    ? { status: await targetStatus({ ledger: deployment.ledger, clock: time.ours }, world.target()) }
    : {};
  world.observed.push(...observed.map((one) => (one.ending === 'died' ? one : { ...one, ...status })));
}

function addMaybeConfirmed({ emulator, maybeConfirmed }: World): void {
  for (const { id, status } of emulator.tasks()) if (status === 'SUCCESS') maybeConfirmed.add(id);
}

/** One process, from its start to its end. */
async function process(world: World, step: Invocation, index: number): Promise<Observed> {
  const { time, deployment } = world;
  const events: RunEvent[] = [];
  const environment = world.environments.pop() ?? newEnvironment(world);
  environment.observe = (event) => void events.push(event);
  const { deathAt, signal } = interruptionOf(world, step, index);
  const { died, ports } = dyingPorts(environment.ports, deathAt);
  const about = { step, settings: world.settings, offset: time.offset(), began: time.now(), events };
  const [ending, reports, error] = await Promise.race([
    died.then((): Ending => ['died', []]),
    workToTheEnd(world, step, { ports, signal }),
  ]);
  if (deployment.isWarm && ending !== 'died') world.environments.push(environment);
  return { ...about, at: time.now(), ending, reports, ...(error ? { error } : {}) };
}

type Ending = [Observed['ending'], readonly TargetReport[], Error?];

async function workToTheEnd(world: World, step: Invocation, running: Running): Promise<Ending> {
  let reports: readonly TargetReport[] = [];
  try {
    reports = await work(world, step, running);
    return [world.deployment.verdict(reports), reports];
  } catch (thrown) {
    return ['failed', reports, thrown instanceof Error ? thrown : new Error(String(thrown))];
  }
}
