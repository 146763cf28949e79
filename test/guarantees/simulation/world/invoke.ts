import type { ExportEvent } from '../../../../lib/domain/exports/events.ts';
import { targetStatus } from '../../../../lib/exports/status/target-status.ts';
import type { TargetReport } from '../../../../lib/exports/window/report.ts';
import type { Heard } from '../judge/observed.ts';
import { NO_TROUBLE } from '../story/failures.ts';
import type { Invocation } from '../story/story.ts';
import { perilousPorts } from './dying-ports.ts';
import { newEnvironment } from './environment.ts';
import { fateOf } from './interruption.ts';
import { type Running, work } from './work.ts';
import type { World } from './world.ts';

/** Lets the processes of a step run, and hears what they say. */
export async function invoke(world: World, step: Invocation): Promise<void> {
  const { story, time, emulator, home } = world;
  const spells = story.spells.filter(({ from, to }) => from <= time.now() && time.now() < to);
  await home.meet(step.trouble.aws);
  const steps = [...spells.flatMap(({ weather = [] }) => weather), ...step.trouble.weather];
  emulator.setScenario(Object.assign({}, ...spells.map(({ rules }) => rules), { steps }));
  world.callMilliseconds = step.trouble.callMilliseconds;
  world.requests = [];
  const times = 'times' in step ? step.times : 1;
  const processes = Array.from({ length: times }, (_, index) => process(world, step, index));
  const heard = await Promise.all(processes);
  emulator.setScenario({});
  await home.meet(NO_TROUBLE.aws);
  await hear(world, step, heard);
}

async function hear(world: World, step: Invocation, heard: readonly Heard[]): Promise<void> {
  const isUncertain = step.trouble.aws.failuresInHundred > 0 || heard.some(({ ending }) => ending === 'died');
  if (isUncertain && world.requests.some(({ kind }) => kind === 'tasks')) rememberShown(world);
  const { time, home } = world;
  const status = world.settings.enabled
    ? { status: await targetStatus({ ledger: home.ledger, clock: time.ours }, world.target()) }
    : {};
  world.heard.push(...heard.map((one) => (one.ending === 'died' ? one : { ...one, ...status })));
}

function rememberShown({ emulator, perhapsNoted }: World): void {
  for (const { id, status } of emulator.tasks()) if (status === 'SUCCESS') perhapsNoted.add(id);
}

/** One process, from its start to its end. */
async function process(world: World, step: Invocation, index: number): Promise<Heard> {
  const { time, home } = world;
  const events: ExportEvent[] = [];
  const environment = world.environments.pop() ?? newEnvironment(world);
  environment.observe = (event) => void events.push(event);
  const { perilAt, signal } = fateOf(world, step, index);
  const { died, ports } = perilousPorts(environment.ports, perilAt);
  const about = { step, settings: world.settings, offset: time.offset(), began: time.now(), events };
  const [ending, reports, error] = await Promise.race([
    died.then((): Ending => ['died', []]),
    workToTheEnd(world, step, { ports, signal }),
  ]);
  if (home.isWarm && ending !== 'died') world.environments.push(environment);
  return { ...about, at: time.now(), ending, reports, ...(error ? { error } : {}) };
}

type Ending = [Heard['ending'], readonly TargetReport[], Error?];

async function workToTheEnd(world: World, step: Invocation, running: Running): Promise<Ending> {
  let reports: readonly TargetReport[] = [];
  try {
    reports = await work(world, step, running);
    return [world.home.verdict(reports), reports];
  } catch (thrown) {
    return ['bad', reports, thrown instanceof Error ? thrown : new Error(String(thrown))];
  }
}
