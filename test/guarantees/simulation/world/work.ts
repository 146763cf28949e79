import { Temporal } from 'temporal-polyfill';
import { DEFAULT_SCOPE } from '../../../../lib/domain/alerts/alert-rule.ts';
import { earlier } from '../../../../lib/domain/time/instant.ts';
import { exportForAlerts } from '../../../../lib/exports/alerts/alert-run.ts';
import { backfill } from '../../../../lib/exports/backfill/backfill.ts';
import { backfillMoment, backfillRange } from '../../../../lib/exports/backfill/range.ts';
import { runScheduledExport } from '../../../../lib/exports/scheduled-run.ts';
import type { TargetReport } from '../../../../lib/exports/window/run-report.ts';
import type { Invocation } from '../story/story.ts';
import type { EnvironmentPorts } from './environment.ts';
import type { World } from './world.ts';

export type Running = { ports: EnvironmentPorts; signal: AbortSignal };

/** Does the work of an invocation, as the entry points of the deployment do. */
export async function work(
  world: World,
  step: Invocation,
  running: Running,
): Promise<readonly TargetReport[]> {
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
  const targets = world.settings.enabled ? [world.target()] : [];
  const common = { targets, sweep: step.do === 'sweep', trigger: { kind: 'schedule' } } as const;
  // EventBridge gives the scheduled time; on one machine it is Huawei's present time. Lambda does not wait for leases.
  const input =
    world.story.deployment === 'aws' ? { ...common, scheduledTime: instant(step.scheduled) } : common;
  const { waitForOthers, ...others } = ports;
  const used = world.story.deployment === 'aws' ? others : ports;
  return (await runScheduledExport(used, input, signal)).targets;
}

async function backfillOnce(
  world: World,
  { from, to }: Extract<Invocation, { do: 'backfill' }>,
  { ports, signal }: Running,
): Promise<TargetReport> {
  const target = world.target();
  const moment = await backfillMoment(ports, target, signal);
  const asked = { start: instant(from), end: instant(to) };
  const { due: range } = backfillRange(target, asked, moment.scheduledTime);
  const trigger = { kind: 'command', scheduled_time: moment.scheduledTime.toString() } as const;
  return backfill(ports, { target, range, trigger, moment }, signal);
}

async function alertOnce(
  world: World,
  { alerts: count }: Extract<Invocation, { do: 'alert' }>,
  { ports, signal }: Running,
): Promise<readonly TargetReport[]> {
  const { time } = world;
  const target = world.target();
  const rules = [{ ...DEFAULT_SCOPE, id: 'all', match: {}, targets: [target.id] }];
  // The service that reports an alert has a clock of its own, which is not ahead.
  const seen = earlier(instant(time.now()), time.ours());
  const alerts = Array.from({ length: count }, (_, index) => alertOf(`${time.now()}-${index}`, seen));
  const input = { alerts, rules, targets: [target], arrivedAt: time.ours() };
  return (await exportForAlerts(ports, input, signal)).targets;
}

function alertOf(id: string, seen: Temporal.Instant) {
  return {
    ...{ id, source: 'aws.guardduty', types: ['UnauthorizedAccess:IAMUser/MaliciousIPCaller'] },
    ...({ severity: 'high', account: '111122223333', region: 'eu-central-1' } as const),
    ...{ firstSeen: seen, lastSeen: seen, named: { public_ip: ['198.51.100.7'] } },
  };
}

function instant(milliseconds: number): Temporal.Instant {
  return Temporal.Instant.fromEpochMilliseconds(milliseconds);
}
