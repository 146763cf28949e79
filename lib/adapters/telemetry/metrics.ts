import type { ExportEvent } from '../../domain/export-event.ts';

export const METRIC_NAMESPACE = 'WorkspaceLoginExport';

/** Every metric the functions emit, each with the one dimension `target_id`. */
export const METRICS = {
  WindowsAnnounced: 'Count',
  WindowsFailed: 'Count',
  WindowsLeftForNextRun: 'Count',
  ThrottledCalls: 'Count',
  ExportCallMilliseconds: 'Milliseconds',
} as const;

export type MetricName = keyof typeof METRICS;

export type MetricValue = { name: MetricName; unit: (typeof METRICS)[MetricName]; value: number };

export type TargetMetrics = { targetId: string; values: MetricValue[] };

/** Counts a run's events by target. A count of nothing is written as 0, so that an alarm sees a good day. */
export function metricsOf() {
  const targets = new Map<string, { counts: Record<string, number>; milliseconds: number[] }>();

  const add = (event: ExportEvent) => {
    const target = targets.get(event.targetId) ?? { counts: {}, milliseconds: [] };
    targets.set(event.targetId, target);
    if (event.type === 'window_accepted') target.milliseconds.push(event.callMilliseconds);
    const name = COUNTED[event.type];
    if (name) target.counts[name] = (target.counts[name] ?? 0) + 1;
  };

  const list = (): TargetMetrics[] =>
    [...targets].map(([targetId, { counts, milliseconds }]) => ({
      targetId,
      values: [
        ...Object.values(COUNTED).map((name) => metric(name, counts[name] ?? 0)),
        ...milliseconds.map((value) => metric('ExportCallMilliseconds', value)),
      ],
    }));

  return { add, targets: list };
}

const COUNTED: { [Type in ExportEvent['type']]?: MetricName } = {
  window_announced: 'WindowsAnnounced',
  window_failed: 'WindowsFailed',
  window_left: 'WindowsLeftForNextRun',
  call_throttled: 'ThrottledCalls',
};

function metric(name: MetricName, value: number): MetricValue {
  return { name, unit: METRICS[name], value };
}
