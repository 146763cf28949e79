import { Temporal } from 'temporal-polyfill';
import { DEFAULT_SCOPE } from '../../../lib/domain/alert-rule.ts';
import type { ExportEvent } from '../../../lib/domain/export-event.ts';
import { exportForAlerts } from '../../../lib/exports/alerts/alert-export.ts';
import type { AlertPorts } from '../../../lib/exports/alerts/serve-calls.ts';
import { type BackfillPorts, backfill } from '../../../lib/exports/backfill/backfill.ts';
import { backfillRange } from '../../../lib/exports/backfill/backfill-range.ts';
import type { TargetReport } from '../../../lib/exports/report.ts';
import { runScheduledExport } from '../../../lib/exports/scheduled/run.ts';
import { targetStatus } from '../../../lib/exports/status/target-status.ts';
import { SECOND } from './durations.ts';
import { newEnvironment } from './environment.ts';
import { fateOf } from './fate.ts';
import type { Heard } from './heard.ts';
import { perilousPorts } from './perils.ts';
import type { Invocation } from './story.ts';
import { NO_TROUBLE } from './troubles.ts';
import type { World } from './world.ts';

/** Lets the processes of a step run, and hears what they say. */
export async function invoke(world: World, step: Invocation): Promise<void> {
  const { story, time, emulator, home } = world;
  const spells = story.spells.filter(({ from, to }) => from <= time.now() && time.now() < to);
  await home.meet(step.trouble.aws);
  emulator.setScenario({ steps: [...spells.flatMap(({ weather }) => weather), ...step.trouble.weather] });
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
  const given: AlertPorts = environment.ports;
  const { perilAt, signal } = fateOf(world, step, index);
  const { died, ports } = perilousPorts(given, perilAt);
  const scheduled = step.do === 'run' ? { scheduled: scheduledFor(world, step.scheduled) } : {};
  const about = { step, settings: world.settings, ...scheduled, began: time.now(), events };
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

type Running = { ports: AlertPorts; signal: AbortSignal };

async function work(world: World, step: Invocation, running: Running): Promise<readonly TargetReport[]> {
  switch (step.do) {
    case 'run':
    case 'sweep':
      return runOnce(world, step, running);
    case 'backfill':
      return [await backfillOnce(world, step, running)];
    case 'alert':
      return alertOnce(world, step, running);
  }
}

async function runOnce(
  world: World,
  step: Extract<Invocation, { do: 'run' | 'sweep' }>,
  { ports, signal }: Running,
): Promise<TargetReport[]> {
  const { settings } = world;
  const scheduledTime = at(scheduledFor(world, step.scheduled));
  const trigger = { kind: 'schedule', scheduled_time: scheduledTime.toString() } as const;
  const scope = step.do === 'run' ? ('calendar' as const) : ('rows' as const);
  const targets = settings.enabled ? [world.target()] : [];
  return (await runScheduledExport(ports, { targets, scope, scheduledTime, trigger }, signal)).targets;
}

// A cron of one machine goes by the machine's clock, and so does the default of the command.
function scheduledFor({ story, time }: World, scheduled: number): number {
  return story.home === 'aws' ? scheduled : time.ours().epochMilliseconds;
}

async function backfillOnce(
  { time, ...world }: World,
  step: Extract<Invocation, { do: 'backfill' }>,
  { ports, signal }: Running,
): Promise<TargetReport> {
  const target = world.target();
  const range = backfillRange(target, { start: at(step.from), end: at(step.to) }, time.ours());
  const trigger = { kind: 'command', scheduled_time: time.ours().toString() } as const;
  const waitForOthers: BackfillPorts['waitForOthers'] = async () => time.pass(5 * SECOND);
  return backfill({ ...ports, waitForOthers }, { target, range: range.due, trigger }, signal);
}

async function alertOnce(
  { time, ...world }: World,
  { alerts: count }: Extract<Invocation, { do: 'alert' }>,
  { ports, signal }: Running,
): Promise<readonly TargetReport[]> {
  const target = world.target();
  const rules = [{ ...DEFAULT_SCOPE, id: 'all', match: {}, targets: [target.id] }];
  const alerts = Array.from({ length: count }, (_, index) => alertOf(`${time.now()}-${index}`, time.ours()));
  const demand = { alerts, rules, targets: [target], arrivedAt: time.ours() };
  return (await exportForAlerts(ports, demand, signal)).targets;
}

function alertOf(id: string, seen: Temporal.Instant) {
  return {
    ...{ id, source: 'aws.guardduty', types: ['UnauthorizedAccess:IAMUser/MaliciousIPCaller'] },
    ...({ severity: 'high', account: '111122223333', region: 'eu-central-1' } as const),
    ...{ firstSeen: seen, lastSeen: seen, named: { public_ip: ['198.51.100.7'] } },
  };
}

function at(milliseconds: number): Temporal.Instant {
  return Temporal.Instant.fromEpochMilliseconds(milliseconds);
}
