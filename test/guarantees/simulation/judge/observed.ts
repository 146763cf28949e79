import type { RunEvent } from '../../../../lib/domain/exports/run-events.ts';
import type { Span } from '../../../../lib/domain/time/spans.ts';
import type { TargetStatus } from '../../../../lib/exports/status/target-status.ts';
import type { TargetReport } from '../../../../lib/exports/window/run-report.ts';
import type { Settings } from '../story/settings.ts';
import type { Invocation } from '../story/story.ts';
import type { Interval } from './intervals.ts';

/** What users can observe of one process: its log, its end, and `status` after it. */
export type Observed = {
  step: Invocation;
  settings: Settings;
  /** How far our clock was ahead of true time at the start of the process, in milliseconds. */
  offset: number;
  /** True time of the start; `at` is that of the end. */
  began: number;
  at: number;
  ending: 'succeeded' | 'failed' | 'died';
  error?: Error;
  events: readonly RunEvent[];
  reports: readonly TargetReport[];
  status?: TargetStatus;
};

/** Whether the process has warned the users. */
export function hasWarned({ ending, events }: Observed): boolean {
  return ending === 'failed' || events.some(isWarning);
}

function isWarning(event: RunEvent): boolean {
  if (event.type === 'target_assessed') return event.atRisk.length > 0 || event.longUnconfirmed > 0;
  return WARNINGS.has(event.type);
}

const WARNINGS = new Set<string>([
  'window_deferred',
  'windows_deferred',
  'window_failed',
  'window_lost',
  'task_failed',
  'window_never_confirmed',
  'row_unreadable',
  'clock_unknown',
  'coverage_reset',
  'tasks_unknown',
] satisfies RunEvent['type'][]);

/** The time that the process reported as lost or as never confirmed. Its log counts even when the process died later. */
export function reportedLost({ events, reports }: Observed): Interval[] {
  return [
    ...events.flatMap((event) => (isLoss(event) ? [toInterval(event.window)] : [])),
    ...reports.flatMap(({ lost }) =>
      lost.map(({ start, end }): Interval => [Date.parse(start), Date.parse(end)]),
    ),
  ];
}

type Loss = Extract<RunEvent, { type: 'window_lost' | 'window_never_confirmed' }>;

function isLoss(event: RunEvent): event is Loss {
  return event.type === 'window_lost' || event.type === 'window_never_confirmed';
}

/** The time that the process reported as exhausted: the last allowed task has failed. */
export function reportedExhausted({ ending, status }: Observed): Interval[] {
  return ending === 'died' ? [] : (status?.exhausted ?? []).map(toInterval);
}

/** The time that `status` does not report as exported, or that the process reported as failed. */
export function reportedOpen({ status, events }: Observed): Interval[] {
  const failed = events.flatMap((event) => (event.type === 'window_failed' ? [event.window] : []));
  const open = status ? [...status.pending, ...status.gaps, ...status.lost, ...status.neverConfirmed] : [];
  return [...open, ...failed].map(toInterval);
}

export function toInterval({ start, end }: Span): Interval {
  return [start.epochMilliseconds, end.epochMilliseconds];
}
