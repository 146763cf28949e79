import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { expect, it } from 'vitest';
import type { Filters } from '../../../lib/domain/filters.ts';
import type { Span } from '../../../lib/domain/span.ts';
import { before, without } from '../../../lib/domain/spans.ts';
import type { TaskSubmitted } from '../../../lib/domain/task-submitted.ts';
import { filtersDigest } from '../../../lib/domain/window-record.ts';
import { alertingTarget } from '../../support/alerting.ts';

const at = Temporal.Instant.from;
const START = at('2026-11-22T00:00:00Z');
const SETTLE = { minutes: 30 };
const CAP = 6;

/** Minutes after the start of the day, or before the alert came. */
type Heard = { id: number; came: number; seenBefore: number; lasted: number; roll: number; address: number };

const heard = fc.record<Heard>({
  id: fc.integer({ min: 0, max: 30 }),
  came: fc.integer({ min: 0, max: 24 * 60 }),
  seenBefore: fc.oneof(fc.integer({ min: 0, max: 10 }), fc.integer({ min: 0, max: 3 * 24 * 60 })),
  lasted: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 240 })),
  roll: fc.integer({ min: 1, max: 150 }),
  address: fc.integer({ min: 0, max: 12 }),
});

const storm = fc.array(heard, { minLength: 1, maxLength: 60 });

it('whatever alerts come in whatever order, all they ask for is exported once settled, within the cap, and replaying adds nothing', async () => {
  await fc.assert(fc.asyncProperty(storm, live), { numRuns: 25 });
});

async function live(alerts: readonly Heard[]): Promise<void> {
  const target = await alertingTarget({ max_alert_exports: CAP }, {}, START.toString());
  const sweepUntil = async (minute: number) => {
    const next = START.add({ minutes: minute });
    while (Temporal.Instant.compare(target.time.now.add({ minutes: 30 }), next) < 0) {
      target.pass({ minutes: 30 });
      await target.sweep();
    }
    target.time.now = next;
  };
  for (const alert of alerts.toSorted((a, b) => a.came - b.came)) {
    await sweepUntil(alert.came);
    await target.serve(callOf(alert));
  }
  await sweepUntil(40 * 60);
  const messages = await target.messages();
  for (const alert of alerts) expect(notExported(alert, messages).map(String)).toEqual([]);
  const nights = new Set(messages.flatMap(({ data }) => (data.reason === 'alert' ? [] : [data.task_id])));
  const ofAlerts = target.emulator.tasks().filter(({ id }) => !nights.has(id));
  expect(mostInAnHour(ofAlerts.map(({ createdAt }) => createdAt))).toBeLessThanOrEqual(CAP);
  expect(target.events.filter(({ type }) => type === 'window_failed')).toEqual([]);

  for (const alert of alerts) await target.serve(callOf(alert));
  await target.sweep();
  expect(await target.messages()).toHaveLength(messages.length);
}

function spanOf({ came, seenBefore, lasted, roll }: Heard): Span & { lastSeen: Temporal.Instant } {
  const last = START.add({ minutes: came - seenBefore });
  const first = last.subtract({ minutes: lasted });
  return { start: first.subtract({ minutes: roll }), end: last.add({ minutes: roll }), lastSeen: last };
}

function callOf(alert: Heard) {
  const { start, end, lastSeen } = spanOf(alert);
  const [from, to] = [start.toString(), end.toString()];
  return { id: `finding-${alert.id}`, from, to, lastSeen: lastSeen.toString(), filters: filtersOf(alert) };
}

function filtersOf({ address }: Heard): Filters {
  return address === 0 ? {} : { public_ip: `203.0.113.${address}` };
}

/** What no task covers that was ordered when the records had settled. */
function notExported(alert: Heard, messages: readonly TaskSubmitted[]): string[] {
  const covering = new Set([{}, filtersOf(alert)].map(filtersDigest));
  const exported = messages
    .filter(({ data }) => covering.has(filtersDigest(data.request.filters)))
    .flatMap(({ time, data: { window } }) =>
      before([{ start: at(window.start), end: at(window.end) }], at(time).subtract(SETTLE)),
    );
  return without([spanOf(alert)], exported).map(({ start, end }) => `${start}/${end}`);
}

function mostInAnHour(times: readonly number[]): number {
  const counts = times.map(
    (time) => times.filter((other) => other >= time && other < time + 3_600_000).length,
  );
  return Math.max(0, ...counts);
}
