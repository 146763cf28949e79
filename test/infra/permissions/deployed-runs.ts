import { Temporal } from 'temporal-polyfill';
import { onTestFinished } from 'vitest';
import { createDynamoDbLedger } from '../../../lib/adapters/ledger/aws-dynamodb.ts';
import { readConfig, type Variables } from '../../../lib/config.ts';
import { createEmulator } from '../../../lib/emulator/emulator.ts';
import { DEMO_ACCOUNT } from '../../../lib/emulator/iam/accounts.ts';
import { exportForAlerts } from '../../../lib/exports/alerts/alert-run.ts';
import { readAlertEvent } from '../../../lib/exports/alerts/events/event.ts';
import { runScheduledExport } from '../../../lib/exports/scheduled-run.ts';
import { openTelemetry, wireAlerts, wireAws } from '../../../lib/wiring/aws.ts';
import { changed } from '../../support/alerts/sample-events.ts';
import { stubEnvironment } from '../../support/aws/environment.ts';
import { startStandIns } from '../../support/aws/stand-ins.ts';
import { PASSWORD } from '../../support/huawei/start-huawei.ts';
import { alertRequest } from '../../support/ledger/request-rows.ts';

const NEW_USER = { ...DEMO_ACCOUNT.user, password: 'fake-rotated-password-90ab' };
const signal = new AbortController().signal;
const trigger = { kind: 'schedule' } as const;

/**
 * Stand-ins of everything that the functions call, for one target with one rule. Something that an alert asked for is
 * still open, so that a run of the schedule has to look at it.
 */
export async function startServices(credential: string, environment: Variables) {
  const emulator = createEmulator({ tokenSize: 200, taskCreatingSeconds: 0 });
  const { origin } = await emulator.listen();
  onTestFinished(() => emulator.close());
  const { dynalite, fauxqs, manager, environment: variables } = await startStandIns();
  stubEnvironment(variables);
  const table = environment['LEDGER_TABLE'] ?? '';
  await dynalite.createLedgerTable(table);
  await createDynamoDbLedger({ table, clientConfig: dynalite.clientConfig }).putRequest(alertRequest());
  await fauxqs.createQueue(environment['TASK_QUEUE_URL']?.split('/').at(-1) ?? '');
  const store = (secret: unknown) => manager.secrets.set(credential, { text: JSON.stringify(secret) });
  store(PASSWORD);
  const rotate = () => {
    emulator.setPassword(NEW_USER);
    store({ kind: 'password', ...NEW_USER });
  };
  const endpoints = { iam: origin, export: origin, tasks: origin };
  const targets = {
    targets: [{ id: 'acme-prod', region: DEMO_ACCOUNT.project.name, credential, endpoints }],
  };
  return { rotate, targets };
}

type Services = Awaited<ReturnType<typeof startServices>>;

const clock = () => Temporal.Now.instant();

/** A run, and a sweep that confirms with a secret that was changed in between. */
export async function runSchedules({ rotate, targets }: Services, environment: Variables): Promise<void> {
  const { ports, targets: all } = wireAws(readConfig(environment), {
    targets,
    clock,
    telemetry: openTelemetry({}),
  });
  const run = (sweep: boolean) =>
    runScheduledExport(ports, { targets: all, sweep, scheduledTime: clock(), trigger }, signal);
  await run(false);
  rotate();
  await run(true);
}

/** A finding whose time is not over. */
export async function runAlerts({ targets }: Services, environment: Variables): Promise<void> {
  const rules = { rules: [{ id: 'all', match: {}, targets: ['acme-prod'] }] };
  const wired = wireAlerts(readConfig(environment), {
    targets,
    rules,
    clock,
    telemetry: openTelemetry({}),
  });
  const seen = clock().subtract({ minutes: 5 }).toString();
  const first = changed('guardduty-iam-user', 'detail.service.eventFirstSeen', seen);
  const { alerts } = readAlertEvent(changed(first, 'detail.service.eventLastSeen', seen), {
    arrivedAt: clock(),
  });
  const input = { alerts, rules: wired.rules, targets: wired.targets, arrivedAt: clock() };
  await exportForAlerts(wired.ports, input, signal);
}
