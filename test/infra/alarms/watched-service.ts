import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Temporal } from 'temporal-polyfill';
import { onTestFinished } from 'vitest';
import { createSqliteLedger } from '../../../lib/adapters/ledger/local-sqlite.ts';
import { METRIC_NAMESPACE, metricsOf } from '../../../lib/adapters/telemetry/metrics.ts';
import { orThrow, RunFailedError, type RunReport } from '../../../lib/exports/window/run-report.ts';
import { createWorld, type World } from '../../guarantees/world.ts';
import { portsByOwnClock } from '../../support/runs/own-clock.ts';
import { temporaryFolder } from '../../support/vitest/temporary-folder.ts';
import type { Datapoint, Metric } from './cloudwatch.ts';
import { inFunction, inQueue, ofSchedules } from './written-by-aws.ts';

/** The target of every watched service; nightly at 00:35. */
export const WATCHED = 'acme';

const SCHEDULED = { name: 'ScheduledExportLambdaFunction', failures: 'FailedRunsQueue' };
const ALERTS = { name: 'AlertExportLambdaFunction', failures: 'FailedAlertsQueue' };

const QUEUES = [
  SCHEDULED.failures,
  ALERTS.failures,
  'UndeliveredRunsQueue',
  'UndeliveredAlertsQueue',
  'TaskDeadLetterQueue',
];

type Function = typeof SCHEDULED;
type Work = () => Promise<RunReport>;

// Lambda repeats what failed after one minute, and after two more (Lambda Developer Guide, asynchronous invocation).
const REPETITIONS = [0, 1, 2];

export type WatchedService = Awaited<ReturnType<typeof watchService>>;

/**
 * A deployed service hour by hour, with everything real but AWS and the clock: runs against the emulator write the
 * metrics, and what AWS does around a run (repetitions, queues for failures, its own metrics) is done here.
 */
export async function watchService(start: string) {
  const file = join(temporaryFolder(), 'ledger.sqlite');
  const ledger = createSqliteLedger({ file });
  onTestFinished(() => ledger.close());
  const world = await createWorld({ ledger }, { start, settings: { id: WATCHED } });
  const machine = { aheadSeconds: 0 };
  const points: Datapoint[] = [];
  const waiting = new Map(QUEUES.map((queue) => [queue, 0]));
  const write = (metric: Metric, value: number, unit = 'Count') =>
    void points.push({ ...metric, value, unit, at: world.time.now });

  const attempt = async ({ name }: Function, work: Work): Promise<boolean> => {
    const before = world.events.length;
    const isDone = await succeeds(work);
    for (const { metric, value, unit } of ownMetrics(world.events.slice(before))) write(metric, value, unit);
    write(inFunction(name, 'Invocations'), 1);
    write(inFunction(name, 'Errors'), isDone ? 0 : 1);
    write(inFunction(name, 'Throttles'), 0);
    write(inFunction(name, 'AsyncEventAge'), 40, 'Milliseconds');
    return isDone;
  };

  const invoke = async (which: Function, work: Work) => {
    for (const minutes of REPETITIONS) {
      world.later({ minutes });
      if (await attempt(which, work)) return;
    }
    waiting.set(which.failures, (waiting.get(which.failures) ?? 0) + 1);
  };

  const tellQueues = async (isRead: boolean) => {
    for (const [queue, messages] of waiting)
      write(inQueue(queue, 'ApproximateNumberOfMessagesVisible'), messages);
    const [oldest] = await world.messages();
    const age = oldest && !isRead ? world.time.now.since(oldest.time).total('seconds') : 0;
    write(inQueue('TaskQueue', 'ApproximateAgeOfOldestMessage'), age, 'Seconds');
  };

  const usedPorts = () =>
    machine.aheadSeconds === 0 ? world.ports() : portsByOwnClock(world, machine.aheadSeconds);

  const startDue = async (top: Temporal.Instant, sweeps: boolean) => {
    for (const { at, kind } of dueIn(top, sweeps)) {
      world.time.now = at;
      await invoke(SCHEDULED, () => world.run(at.toString(), kind, usedPorts()));
    }
  };

  return {
    world,
    points,
    /** How far the clock of the functions is ahead of Huawei's. */
    machine,
    /** Makes every row of a table one that cannot be read. */
    spoilRows: (table: 'windows' | 'alert_requests') => {
      const database = new DatabaseSync(file);
      // Of what is done with, nobody looks at the rows any more.
      const open = table === 'windows' ? ", open = 'window/' || window_end" : '';
      database.exec(`UPDATE ${table} SET state = 'gone'${open}`);
      database.close();
    },
    /** So many hours in which the schedules fire and consumers read what they are sent, unless told otherwise. */
    pass: async (hours: number, { sweeps = true, starts = true, isRead = true } = {}) => {
      for (let hour = 0; hour < hours; hour += 1) {
        const top = world.time.now.round({ smallestUnit: 'hour', roundingMode: 'ceil' });
        if (starts) await startDue(top, sweeps);
        world.time.now = top.add({ minutes: 50 });
        if (!starts) write(ofSchedules('ScheduleGroup', 'TargetErrorCount'), 3);
        await tellQueues(isRead);
        world.time.now = top.add({ minutes: 56 });
      }
    },
    /** An alert arrives. */
    alert: (id: string, seen: string) => invoke(ALERTS, () => world.alert(id, seen)),
    /** Something that AWS does and tells, now. */
    write,
  };
}

// The sweep every 15 minutes, from two minutes past the hour on, and the target's own schedule at 00:35.
function dueIn(top: Temporal.Instant, sweeps: boolean) {
  const isNight = top.toZonedDateTimeISO('UTC').hour === 0;
  const sweep = (minutes: number) => ({ minutes, kind: 'sweep' }) as const;
  const before = sweeps ? [2, 17, 32].map(sweep) : [];
  const night = isNight ? [{ minutes: 35, kind: 'calendar' } as const] : [];
  const after = sweeps ? [47].map(sweep) : [];
  return [...before, ...night, ...after].map(({ minutes, kind }) => ({ at: top.add({ minutes }), kind }));
}

function ownMetrics(events: World['events']) {
  const collected = metricsOf();
  for (const event of events) collected.add(event);
  return collected.targets().flatMap(({ targetId, values }) =>
    values.map(({ name, unit, value }) => {
      const metric = { namespace: METRIC_NAMESPACE, name, dimensions: { target_id: targetId } };
      return { metric, unit, value };
    }),
  );
}

async function succeeds(work: Work): Promise<boolean> {
  try {
    orThrow(await work());
    return true;
  } catch (error) {
    if (error instanceof RunFailedError) return false;
    throw error;
  }
}
