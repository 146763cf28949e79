import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Temporal } from 'temporal-polyfill';
import type { Alert } from '../../lib/domain/alert.ts';
import { DEFAULT_SCOPE } from '../../lib/domain/alert-rule.ts';
import { type Target, target } from '../../lib/domain/target.ts';
import { DEMO_ACCOUNT } from '../../lib/emulator/demo-account.ts';
import { createEmulator } from '../../lib/emulator/emulator.ts';
import { type AlertServicePorts, exportForAlerts } from '../../lib/exports/alerts/alert-export.ts';
import { runScheduledExport } from '../../lib/exports/scheduled/run.ts';
import { wireLocal } from '../../lib/wiring/local.ts';

const START = Temporal.Instant.from('2026-11-22T00:00:00Z');
const ADDRESSES = 50;
const DAY_MINUTES = 24 * 60;
const never = new AbortController().signal;

/** What a day of so many alerts about fifty addresses comes to on SQLite, with the hourly sweep. */
export async function alertLines(folder: string, alerts: number): Promise<string[]> {
  const time = { now: START };
  const emulator = createEmulator({ clock: () => time.now.epochMilliseconds, tokenSize: 200 });
  const { origin } = await emulator.listen();
  const secrets = join(folder, 'alerts-secrets.json');
  const credential = { kind: 'password', ...DEMO_ACCOUNT.user };
  writeFileSync(secrets, JSON.stringify({ 'huawei/acme': credential }), { mode: 0o600 });
  const options = {
    state: join(folder, 'alerts'),
    secrets,
    clock: () => time.now,
    isRehearsal: true,
    observe: () => undefined,
  };
  const { ports, close } = wireLocal(options);
  try {
    const costs = await liveThrough(ports, { target: targetAt(origin), time, alerts });
    const exports = emulator.tasks().length;
    const tenth = Math.ceil(alerts / 10);
    const ratio = mean(costs.slice(-tenth)) / mean(costs.slice(0, tenth));
    return [
      `alerts: ${alerts} in a day, about ${ADDRESSES} addresses: exports: ${exports}, most in an hour: ${mostInAnHour(emulator.tasks())}`,
      `  one of the last tenth costs ${ratio.toFixed(2)} times one of the first; ${mean(costs).toFixed(1)} ms each`,
    ];
  } finally {
    close();
    await emulator.close();
  }
}

type Day = { target: Target; time: { now: Temporal.Instant }; alerts: number };

/** Returns how many milliseconds each alert took. */
async function liveThrough(ports: AlertServicePorts, { target, time, alerts }: Day): Promise<number[]> {
  const costs: number[] = [];
  for (let minute = 0; minute < DAY_MINUTES + 180; minute += 1) {
    time.now = START.add({ minutes: minute });
    const due = Math.min(alerts, Math.round((alerts * minute) / DAY_MINUTES));
    while (costs.length < due) costs.push(await timed(() => serve(ports, target, costs.length)));
    if (minute % 60 === 0) await sweep(ports, target);
  }
  return costs;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}

function serve(ports: AlertServicePorts, one: Target, index: number) {
  const rules = [{ ...DEFAULT_SCOPE, id: 'all', match: {}, targets: [one.id] }];
  const demand = { rules, targets: [one], arrivedAt: ports.ownClock() };
  return exportForAlerts(ports, { ...demand, alerts: [alertAt(ports.ownClock(), index)] }, never);
}

function sweep(ports: AlertServicePorts, one: Target) {
  const scheduledTime = ports.ownClock();
  const trigger = { kind: 'command' } as const;
  return runScheduledExport(ports, { targets: [one], sweep: true, scheduledTime, trigger }, never);
}

function alertAt(now: Temporal.Instant, index: number): Alert {
  return {
    id: `finding-${index}`,
    source: 'aws.guardduty',
    types: ['UnauthorizedAccess:IAMUser/MaliciousIPCaller'],
    severity: 'high',
    account: '111122223333',
    region: 'eu-central-1',
    firstSeen: now.subtract({ minutes: 5 }),
    lastSeen: now,
    named: { public_ip: [`198.51.100.${index % ADDRESSES}`] },
  };
}

function targetAt(origin: string): Target {
  const endpoints = { iam: origin, export: origin, tasks: origin };
  return target.parse({
    id: 'acme',
    region: DEMO_ACCOUNT.project.name,
    credential: 'huawei/acme',
    endpoints,
  });
}

function mostInAnHour(tasks: readonly { createdAt: number }[]): number {
  const within = ({ createdAt }: { createdAt: number }) =>
    tasks.filter((other) => other.createdAt >= createdAt && other.createdAt < createdAt + 3_600_000).length;
  return Math.max(0, ...tasks.map(within));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
