import { join } from 'node:path';
import { Temporal } from 'temporal-polyfill';
import { onTestFinished } from 'vitest';
import { createSchedulerAlarm } from '../../lib/adapters/alarm/aws-scheduler.ts';
import { createNextRunAlarm } from '../../lib/adapters/alarm/local-next-run.ts';
import { createDynamoDbLedger } from '../../lib/adapters/ledger/aws-dynamodb.ts';
import { createSqliteLedger } from '../../lib/adapters/ledger/local-sqlite.ts';
import { createSqliteQueue } from '../../lib/adapters/queue/local-sqlite.ts';
import { createSecretsFile } from '../../lib/adapters/secrets/local-file.ts';
import { DEFAULT_SCOPE } from '../../lib/domain/alert-rule.ts';
import type { ExportEvent } from '../../lib/domain/export-event.ts';
import { createEmulator } from '../../lib/emulator/emulator.ts';
import type { EmulatorOptions } from '../../lib/emulator/emulator-options.ts';
import { type AlertServicePorts, exportForAlerts, followUp } from '../../lib/exports/alerts/alert-export.ts';
import type { AlertPorts } from '../../lib/exports/alerts/serve-calls.ts';
import type { ServicePorts } from '../../lib/exports/run-ports.ts';
import { runScheduledExport } from '../../lib/exports/scheduled/run.ts';
import { createExportApi } from '../../lib/huawei/export-api.ts';
import type { AlarmClock, Clock, Ledger, QueueReader } from '../../lib/ports.ts';
import { alertOf } from '../support/alerting.ts';
import { startDynalite } from '../support/dynalite-server.ts';
import { PASSWORD, secretsFile, targetAt } from '../support/huawei.ts';
import { timeOf } from '../support/local-ports.ts';
import { type SchedulerServer, startScheduler } from '../support/scheduler-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

export type LedgerKind = 'SQLite' | 'DynamoDB';

/** What many worlds share, each with a target of its own; EventBridge Scheduler goes with DynamoDB. */
export type Stores = { ledger: Ledger; scheduler?: SchedulerServer };

export async function openStores(kind: LedgerKind): Promise<Stores> {
  if (kind === 'SQLite') {
    const ledger = createSqliteLedger({ file: join(temporaryFolder(), 'ledger.sqlite') });
    onTestFinished(() => ledger.close());
    return { ledger };
  }
  const [dynalite, scheduler] = await Promise.all([startDynalite(), startScheduler()]);
  onTestFinished(async () => void (await Promise.all([dynalite.close(), scheduler.close()])));
  await dynalite.createLedgerTable('ledger');
  const ledger = createDynamoDbLedger({ table: 'ledger', clientConfig: dynalite.clientConfig });
  return { ledger, scheduler };
}

const policy = { attempts: 3, firstWaitMilliseconds: 1, factor: 2, longestWaitMilliseconds: 20 };
export const IMPATIENT = { connect: 200, headers: 150, body: 150 };

export type World = Awaited<ReturnType<typeof createWorld>>;
export type WorldPorts = AlertPorts & AlertServicePorts & { queue: QueueReader };
/** A run of the schedule, or a sweep. */
export type RunKind = 'calendar' | 'sweep';

let worlds = 0;

/** A target, a cloud and a clock of their own, on a ledger that may be shared. `close` must be called. */
export async function createWorld(
  { ledger, scheduler }: Stores,
  {
    start,
    secrets = secretsFile({ 'huawei/acme': PASSWORD }),
    settings = {},
    emulator: options = {},
  }: WorldOptions,
) {
  const time = { now: Temporal.Instant.from(start) };
  const clock = () => time.now;
  const emulator = createEmulator({ clock: () => time.now.epochMilliseconds, tokenSize: 200, ...options });
  const { origin } = await emulator.listen();
  const queue = createSqliteQueue({ file: ':memory:' });
  worlds += 1;
  const target = targetAt(origin, { id: `world-${worlds}`, ...settings });
  const events: ExportEvent[] = [];
  const observe = (event: ExportEvent) => void events.push(event);

  /** As a process of its own would have them: nothing is kept from an earlier run but ledger and queue. */
  const ports = (): WorldPorts => ({
    api: createExportApi({
      secrets: createSecretsFile({ file: secrets }),
      clock,
      observe,
      policy,
      timeOuts: IMPATIENT,
      uptime: () => clock().epochMilliseconds,
    }),
    ledger,
    queue,
    clock,
    observe,
    ...timeOf(time),
    alarm: scheduler ? schedulerAlarm(scheduler, clock) : createNextRunAlarm(),
  });

  const run = (scheduled: string, kind: RunKind = 'calendar', used: ServicePorts = ports()) => {
    const scheduledTime = Temporal.Instant.from(scheduled);
    const trigger = { kind: 'schedule' } as const;
    const demand = { targets: [target], sweep: kind === 'sweep', scheduledTime, trigger };
    return runScheduledExport(used, demand, new AbortController().signal);
  };

  const follow = (used: WorldPorts = ports()) => followUp(used, [target], new AbortController().signal);

  return {
    time,
    emulator,
    target,
    secrets,
    events,
    ports,
    run,
    /** An alert about an address that was seen once. */
    alert: (id: string, seen: string, used: WorldPorts = ports()) => {
      const alert = { ...alertOf({ id }, seen), named: { public_ip: ['198.51.100.7'] } };
      const rules = [{ ...DEFAULT_SCOPE, id: 'all', match: {}, targets: [target.id] }];
      const demand = { alerts: [alert], rules, targets: [target], arrivedAt: time.now };
      return exportForAlerts(used, demand, new AbortController().signal);
    },
    followUp: follow,
    /** What EventBridge Scheduler does by now; nothing where there is none. */
    ring: async () => {
      for (const key of scheduler?.dueFor(target.id, time.now) ?? []) {
        await follow();
        scheduler?.schedules.delete(key);
      }
    },
    later: (duration: Temporal.DurationLike) => {
      time.now = time.now.add(duration);
    },
    messages: async () => (await queue.waiting()).map(({ message }) => message),
    entries: () => ledger.list(target.id, Temporal.Instant.fromEpochMilliseconds(0)),
    close: async () => {
      queue.close();
      await emulator.close();
    },
  };
}

function schedulerAlarm({ clientConfig }: SchedulerServer, clock: Clock): AlarmClock {
  const arns = { roleArn: 'arn:aws:iam:role', functionArn: 'arn:aws:lambda', deadLetterArn: 'arn:aws:sqs' };
  return createSchedulerAlarm({ ...arns, group: 'follow-ups', clock, clientConfig });
}

type WorldOptions = {
  start: string;
  /** Path of the secrets file; worlds that do not change it may share one. */
  secrets?: string;
  settings?: Record<string, unknown>;
  emulator?: EmulatorOptions;
};
