import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Temporal } from 'temporal-polyfill';
import { readAlertEvent } from '../../../lib/exports/alerts/events/event.ts';

/** The names of the events under test/fixtures/events. */
export const SAMPLES = [
  'guardduty-iam-user',
  'guardduty-ssh-brute-force',
  'guardduty-port-probe',
  'guardduty-rds-login',
  'securityhub-asff',
  'securityhub-custom-action',
  'securityhub-ocsf',
  'login-export-requested',
  'login-export-requested-minimal',
] as const;

/** When the events of the fixtures come, by default: after everything that they report. */
export const ARRIVED_AT = Temporal.Instant.from('2026-11-22T20:00:00Z');

/** An event of the fixtures, a new object each time. */
export function fixture(name: string) {
  const file = join(import.meta.dirname, '..', '..', 'fixtures', 'events', `${name}.json`);
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** An event (or a fixture by its name) with the value at a path such as `detail.findings.0.Id` set; undefined deletes it. */
export function changed(event: unknown, path: string, value: unknown): unknown {
  const copy = typeof event === 'string' ? fixture(event) : structuredClone(event);
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  const parent = keys.reduce((inner, key) => inner[key], copy);
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return copy;
}

/** The alerts of an event, with times as text. */
export function alertsOf(event: unknown, arrivedAt = ARRIVED_AT) {
  const read = readAlertEvent(event, { arrivedAt });
  return read.alerts.map((alert) => ({
    ...alert,
    firstSeen: alert.firstSeen.toString(),
    lastSeen: alert.lastSeen.toString(),
  }));
}

/** The alerts of a fixture. */
export function shown(name: string) {
  return alertsOf(fixture(name));
}

/** The only alert of a changed fixture. */
export function alertWith(name: string, path: string, value: unknown) {
  const [alert] = alertsOf(changed(name, path, value));
  if (!alert) throw new Error('no alert');
  return alert;
}
