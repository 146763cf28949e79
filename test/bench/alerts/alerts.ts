import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Temporal } from 'temporal-polyfill';
import type { Alert } from '../../../lib/domain/alerts/alert.ts';
import { DEFAULT_SCOPE } from '../../../lib/domain/alerts/alert-rule.ts';
import type { TaskSubmitted } from '../../../lib/domain/exports/message.ts';
import { type Target, target } from '../../../lib/domain/input/target.ts';
import { createEmulator } from '../../../lib/emulator/emulator.ts';
import { DEMO_ACCOUNT } from '../../../lib/emulator/iam/accounts.ts';
import { exportForAlerts } from '../../../lib/exports/alerts/alert-run.ts';
import { runScheduledExport } from '../../../lib/exports/scheduled-run.ts';
import type { ServicePorts } from '../../../lib/run-ports.ts';
import { openLocalQueue, wireLocal } from '../../../lib/wiring/local.ts';
import { type AlertDay, FIRST } from './alert-days.ts';
import { spreadOf, waitsOf } from './alert-waits.ts';
import { countedLedger } from './counted-ledger.ts';

const QUARTER = 15 * 60_000;
/** Long after the last requests are due. */
const AFTERWARDS = 3 * 60 * 60_000;
const never = new AbortController().signal;

/** The report of a day of alerts on SQLite, with a sweep every 15 minutes. */
export async function alertLines(folder: string, day: AlertDay): Promise<string[]> {
  const state = mkdtempSync(join(folder, 'alerts-'));
  const time = { now: FIRST };
  const emulator = createEmulator({ clock: () => time.now.epochMilliseconds, tokenSize: 200, records: [] });
  const { origin } = await emulator.listen();
  const secrets = join(folder, 'alerts-secrets.json');
  const credential = { kind: 'password', ...DEMO_ACCOUNT.user };
  writeFileSync(secrets, JSON.stringify({ 'huawei/acme': credential }), { mode: 0o600 });
  const clock = () => time.now;
  const { ports, close } = wireLocal({ state, secrets, clock, isRehearsal: true, observe: () => undefined });
  const { ledger, calls } = countedLedger(ports.ledger);
  try {
    const costs = await runDay({ ...ports, ledger }, { target: targetAt(origin), time, alerts: day.alerts });
    const messages = await messagesIn(state);
    return formatDay(day, { messages, calls: calls(), costs });
  } finally {
    close();
    await emulator.close();
  }
}

type Costs = { total: number; each: number[] };

type DayResult = { messages: readonly TaskSubmitted[]; calls: number; costs: Costs };

function formatDay({ name, alerts }: AlertDay, { messages, calls, costs }: DayResult): string[] {
  const ofAlerts = messages.filter(({ data }) => data.reason === 'alert');
  const wide = ofAlerts.filter(({ data }) => Object.keys(data.request.filters).length === 0);
  const { mean: wait, p90, max } = spreadOf(waitsOf(alerts, messages));
  const tenth = Math.ceil(alerts.length / 10);
  const ratio = mean(costs.each.slice(-tenth)) / mean(costs.each.slice(0, tenth));
  return [
    `alerts: ${name}: exports: ${ofAlerts.length} (${wide.length} of all records), most in an hour: ${mostInAnHour(ofAlerts)}`,
    `  minutes until exports had all that was seen: mean ${wait.toFixed(1)}, nine in ten ${p90.toFixed(0)}, longest ${max.toFixed(0)}`,
    `  requests to the ledger an alert: ${(calls / alerts.length).toFixed(1)}; CPU: ${(costs.total / alerts.length).toFixed(1)} ms an alert; one of the last tenth costs ${ratio.toFixed(2)} times one of the first`,
  ];
}

type Day = { target: Target; time: { now: Temporal.Instant }; alerts: readonly Alert[] };

/** Resolves to the CPU time of each alert, and of all alerts and sweeps, in milliseconds. */
async function runDay(ports: ServicePorts, { target: one, time, alerts }: Day): Promise<Costs> {
  const begin = process.cpuUsage();
  const each: number[] = [];
  const last = alerts.at(-1)?.lastSeen.epochMilliseconds ?? 0;
  for (let at = FIRST.epochMilliseconds; at <= last + AFTERWARDS; at += QUARTER) {
    time.now = FIRST.add({ milliseconds: at - FIRST.epochMilliseconds });
    await sweep(ports, one);
    for (const alert of alerts.slice(each.length)) {
      if (alert.lastSeen.epochMilliseconds >= at + QUARTER) break;
      time.now = alert.lastSeen;
      each.push(await timed(() => serve(ports, one, alert)));
    }
  }
  return { total: cpuSince(begin), each };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begin = process.cpuUsage();
  await work();
  return cpuSince(begin);
}

function cpuSince(begin: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(begin);
  return (user + system) / 1_000;
}

function serve(ports: ServicePorts, one: Target, alert: Alert) {
  const rules = [{ ...DEFAULT_SCOPE, id: 'all', match: {}, targets: [one.id] }];
  const input = { rules, targets: [one], arrivedAt: ports.ownClock(), alerts: [alert] };
  return exportForAlerts(ports, input, never);
}

function sweep(ports: ServicePorts, one: Target) {
  const scheduledTime = ports.ownClock();
  const trigger = { kind: 'command' } as const;
  return runScheduledExport(ports, { targets: [one], sweep: true, scheduledTime, trigger }, never);
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

async function messagesIn(state: string): Promise<TaskSubmitted[]> {
  const { reader, close } = openLocalQueue(state);
  const messages = await reader.waiting();
  close();
  return messages.map(({ message }) => message);
}

function mostInAnHour(messages: readonly TaskSubmitted[]): number {
  const times = messages.map(({ time }) => Date.parse(time));
  const within = (at: number) => times.filter((other) => other >= at && other < at + 3_600_000).length;
  return Math.max(0, ...times.map(within));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
