import { join } from 'node:path';
import { Temporal } from 'temporal-polyfill';
import { onTestFinished } from 'vitest';
import { createDynamoDbLedger } from '../../lib/adapters/ledger/aws-dynamodb.ts';
import { createSqliteLedger } from '../../lib/adapters/ledger/local-sqlite.ts';
import { createSqliteQueue } from '../../lib/adapters/queue/local-sqlite.ts';
import { createSecretsFile } from '../../lib/adapters/secrets/local-file.ts';
import { DEFAULT_SCOPE } from '../../lib/domain/alerts/alert-rule.ts';
import type { RunEvent } from '../../lib/domain/exports/run-events.ts';
import { createEmulator } from '../../lib/emulator/emulator.ts';
import type { EmulatorOptions } from '../../lib/emulator/options.ts';
import { exportForAlerts } from '../../lib/exports/alerts/alert-run.ts';
import { runScheduledExport } from '../../lib/exports/scheduled-run.ts';
import { createExportApi } from '../../lib/huawei/export-api.ts';
import type { Ledger, QueueReader } from '../../lib/ports.ts';
import type { RunPorts, ServicePorts } from '../../lib/run-ports.ts';
import { alertOf } from '../support/alerts/alerting-target.ts';
import { startDynalite } from '../support/aws/dynalite-server.ts';
import { PASSWORD, secretsFile, targetAt } from '../support/huawei/start-huawei.ts';
import { timeOf } from '../support/runs/local-ports.ts';
import { temporaryFolder } from '../support/vitest/temporary-folder.ts';

export type LedgerKind = 'SQLite' | 'DynamoDB';

/** What worlds share. Each world has a target of its own. */
export type Stores = { ledger: Ledger };

export async function openStores(kind: LedgerKind): Promise<Stores> {
  if (kind === 'SQLite') {
    const ledger = createSqliteLedger({ file: join(temporaryFolder(), 'ledger.sqlite') });
    onTestFinished(() => ledger.close());
    return { ledger };
  }
  const dynalite = await startDynalite();
  onTestFinished(() => dynalite.close());
  await dynalite.createLedgerTable('ledger');
  const ledger = createDynamoDbLedger({ table: 'ledger', clientConfig: dynalite.clientConfig });
  return { ledger };
}

const policy = { attempts: 3, firstWaitMilliseconds: 1, factor: 2, longestWaitMilliseconds: 20 };
export const IMPATIENT = { connect: 200, headers: 150, body: 150 };

export type World = Awaited<ReturnType<typeof createWorld>>;
export type WorldPorts = RunPorts & ServicePorts & { queue: QueueReader };
/** A run of the schedule, or a sweep. */
export type RunKind = 'calendar' | 'sweep';

let worlds = 0;

/** A world: a target, an emulator and a clock, on a ledger that worlds can share. The caller must call `close`. */
export async function createWorld(
  { ledger }: Stores,
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
  const events: RunEvent[] = [];
  const observe = (event: RunEvent) => void events.push(event);

  /** The ports of a new process: it shares only ledger and queue with earlier runs. */
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
  });

  const run = (scheduled: string, kind: RunKind = 'calendar', used: ServicePorts = ports()) => {
    const scheduledTime = Temporal.Instant.from(scheduled);
    const trigger = { kind: 'schedule' } as const;
    const input = { targets: [target], sweep: kind === 'sweep', scheduledTime, trigger };
    return runScheduledExport(used, input, new AbortController().signal);
  };

  return {
    time,
    emulator,
    target,
    secrets,
    events,
    ports,
    run,
    /** Runs an export for an alert about an address that was seen once. */
    alert: (id: string, seen: string, used: WorldPorts = ports()) => {
      const alert = { ...alertOf({ id }, seen), named: { public_ip: ['198.51.100.7'] } };
      const rules = [{ ...DEFAULT_SCOPE, id: 'all', match: {}, targets: [target.id] }];
      const input = { alerts: [alert], rules, targets: [target], arrivedAt: time.now };
      return exportForAlerts(used, input, new AbortController().signal);
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

type WorldOptions = {
  start: string;
  /** Path of the secrets file. Worlds that do not change the file can share one. */
  secrets?: string;
  settings?: Record<string, unknown>;
  emulator?: EmulatorOptions;
};
