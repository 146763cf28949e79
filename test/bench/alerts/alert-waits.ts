import { Temporal } from 'temporal-polyfill';
import type { Alert } from '../../../lib/domain/alerts/alert.ts';
import { DEFAULT_SCOPE } from '../../../lib/domain/alerts/alert-rule.ts';
import type { TaskSubmitted } from '../../../lib/domain/exports/message.ts';
import type { Instant } from '../../../lib/domain/time/instant.ts';
import { type Span, without } from '../../../lib/domain/time/spans.ts';

const at = Temporal.Instant.from;

/** For each alert, the minutes until exports had its window up to its last sight; infinite if they never had. */
export function waitsOf(alerts: readonly Alert[], messages: readonly TaskSubmitted[]): number[] {
  const exports = messages.map(({ time, data: { window, request } }) => ({
    time: at(time),
    window: { start: at(window.start), end: at(window.end) },
    address: request.filters['public_ip'],
  }));
  return alerts.map((alert) => waitOf(alert, exports));
}

type Exported = { time: Instant; window: Span; address: string | undefined };

function waitOf({ firstSeen, lastSeen, named }: Alert, exports: readonly Exported[]): number {
  let missing: Span[] = [{ start: firstSeen.subtract(DEFAULT_SCOPE.before), end: lastSeen }];
  const ofAddress = exports.filter(
    ({ address }) => address === undefined || named.public_ip?.includes(address),
  );
  const last = ofAddress.find(({ window }) => {
    missing = without(missing, [window]);
    return missing.length === 0;
  });
  return last ? Math.max(0, last.time.since(lastSeen).total('minutes')) : Number.POSITIVE_INFINITY;
}

/** The mean, the 90th percentile and the maximum. */
export function spreadOf(values: readonly number[]): { mean: number; p90: number; max: number } {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
  const sum = sorted.reduce((total, value) => total + value, 0);
  return { mean: sum / Math.max(1, sorted.length), p90: at(0.9), max: at(1) };
}
