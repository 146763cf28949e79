import { type CoverageEvent, type RunEvent, THE_SERVICE } from '../../domain/exports/run-events.ts';
import { notableOffset } from '../../domain/time/clock-offset.ts';

export const METRIC_NAMESPACE = 'WorkspaceLoginExport';

/** Metrics of failures, or of how near they are: an alarm watches each of them. */
export const TROUBLE_METRICS = {
  WindowsFailed: 'Count',
  WindowsAtRisk: 'Count',
  WindowsLost: 'Count',
  /** Published more than 26 hours ago; at most 100 are counted. */
  WindowsLongUnconfirmed: 'Count',
  CoverageAgeSeconds: 'Seconds',
  /** Until Huawei forgets the first second of a gap; 720 when there is no gap. */
  RetentionHoursLeft: 'None',
  ThrottledCalls: 'Count',
} as const;

/**
 * Metrics of failures of the service as a whole; the log names the targets. They are written only in runs that have a
 * failure to report, so that they cost nothing while all is well.
 */
export const SERVICE_METRICS = {
  /** Past the 30 days, and nobody said how their tasks ended. */
  WindowsNeverConfirmed: 'Count',
  /** Parts of what alerts asked for that Huawei no longer had. */
  AlertsLost: 'Count',
  /** Parts of what alerts asked for of which `max_attempts` exports failed. */
  AlertsExhausted: 'Count',
  /** Stored rows that cannot be read. */
  RowsUnreadable: 'Count',
  /** By how much our clock and Huawei's differ, whichever is ahead; only where that is more than five minutes. */
  ClockOffsetSeconds: 'Seconds',
} as const;

/** Metrics of work. What is deferred ages the coverage if it stays, which is watched. */
const WORK_METRICS = {
  WindowsPublished: 'Count',
  WindowsConfirmed: 'Count',
  WindowsUnconfirmed: 'Count',
  WindowsDeferred: 'Count',
  /** Alerts that call for exports of the target; those for which there is no rule are under the target `_none`. */
  AlertsReceived: 'Count',
  AlertsUnmatched: 'Count',
  /** Exports without a slot in the hour (`max_alert_exports`), joined without the alerts' filters. */
  AlertsCoalesced: 'Count',
  ExportCallMilliseconds: 'Milliseconds',
} as const;

/** Every metric that the functions write of a target. */
export const TARGET_METRICS = { ...TROUBLE_METRICS, ...WORK_METRICS };

/** Every metric the functions emit and its unit, each with the one dimension `target_id`. */
export const METRICS = { ...TARGET_METRICS, ...SERVICE_METRICS };

export type MetricName = keyof typeof METRICS;

export type MetricValue = { name: MetricName; unit: (typeof METRICS)[MetricName]; value: number };

export type TargetMetrics = { targetId: string; values: MetricValue[] };

/**
 * Counts a run's events by target. A count of nothing is written as 0, so that an alarm sees a good day; what is the
 * service's comes last, under the target `_service`, if there is any of it.
 */
export function metricsOf() {
  const targets = new Map<string, Collected>();
  const service = new Map<ServiceMetric, number>();

  const add = (event: RunEvent) => {
    addToService(service, event);
    const target = targets.get(event.targetId) ?? { counts: {}, milliseconds: [] };
    targets.set(event.targetId, target);
    if (event.type === 'window_accepted') target.milliseconds.push(event.callMilliseconds);
    if (event.type === 'target_assessed') target.coverage = event;
    const name = COUNTED[event.type];
    if (name) target.counts[name] = (target.counts[name] ?? 0) + windowsOf(event);
  };

  const list = (): TargetMetrics[] => [
    ...[...targets].map(([targetId, { counts, milliseconds, coverage }]) => ({
      targetId,
      values: [
        ...COUNTERS.map((name) => metric(name, counts[name] ?? 0)),
        ...(coverage ? gauges(coverage) : []),
        ...milliseconds.map((value) => metric('ExportCallMilliseconds', value)),
      ],
    })),
    ...(service.size > 0
      ? [{ targetId: THE_SERVICE, values: [...service].map(([name, value]) => metric(name, value)) }]
      : []),
  ];

  return { add, targets: list };
}

/** Those of a run that could not begin: whatever it was for has failed. */
export function unstartedMetrics(targetId: string): TargetMetrics {
  return { targetId, values: [metric('WindowsFailed', 1)] };
}

type Collected = {
  counts: Record<string, number>;
  milliseconds: number[];
  coverage?: CoverageEvent;
};

type ServiceMetric = keyof typeof SERVICE_METRICS;

function addToService(values: Map<ServiceMetric, number>, event: RunEvent): void {
  const before = (name: ServiceMetric) => values.get(name) ?? 0;
  const counted = COUNTED_OF_SERVICE[event.type];
  if (counted) values.set(counted, before(counted) + 1);
  if (event.type !== 'clock_learnt') return;
  const offset = notableOffset(event.aheadSeconds);
  // Of several hosts the one that is furthest off counts.
  if (offset !== undefined)
    values.set('ClockOffsetSeconds', Math.max(before('ClockOffsetSeconds'), Math.abs(offset)));
}

const COUNTED_OF_SERVICE: { [Type in RunEvent['type']]?: ServiceMetric } = {
  window_never_confirmed: 'WindowsNeverConfirmed',
  row_unreadable: 'RowsUnreadable',
  request_lost: 'AlertsLost',
  request_exhausted: 'AlertsExhausted',
};

const COUNTED: { [Type in RunEvent['type']]?: MetricName } = {
  window_published: 'WindowsPublished',
  window_confirmed: 'WindowsConfirmed',
  window_failed: 'WindowsFailed',
  window_deferred: 'WindowsDeferred',
  windows_deferred: 'WindowsDeferred',
  window_lost: 'WindowsLost',
  alert_received: 'AlertsReceived',
  alert_unmatched: 'AlertsUnmatched',
  alerts_coalesced: 'AlertsCoalesced',
  call_throttled: 'ThrottledCalls',
};

const COUNTERS = [...new Set(Object.values(COUNTED))];

function windowsOf(event: RunEvent): number {
  if (event.type === 'alerts_coalesced') return event.exports;
  return event.type === 'windows_deferred' ? event.windows : 1;
}

function gauges({
  unconfirmed,
  longUnconfirmed,
  atRisk,
  ageSeconds,
  hoursLeft,
}: CoverageEvent): MetricValue[] {
  return [
    metric('WindowsUnconfirmed', unconfirmed),
    metric('WindowsLongUnconfirmed', longUnconfirmed),
    metric('WindowsAtRisk', atRisk.length),
    ...(ageSeconds === undefined ? [] : [metric('CoverageAgeSeconds', ageSeconds)]),
    metric('RetentionHoursLeft', hoursLeft),
  ];
}

function metric(name: MetricName, value: number): MetricValue {
  return { name, unit: METRICS[name], value };
}
