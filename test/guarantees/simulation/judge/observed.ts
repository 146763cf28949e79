import type { ExportEvent } from '../../../../lib/domain/exports/events.ts';
import type { Span } from '../../../../lib/domain/time/spans.ts';
import type { TargetStatus } from '../../../../lib/exports/status/target-status.ts';
import type { TargetReport } from '../../../../lib/exports/window/report.ts';
import type { Settings } from '../story/settings.ts';
import type { Invocation } from '../story/story.ts';
import type { Stretch } from './intervals.ts';

/** What people heard of one process: its log, its end, and what `status` says after it. */
export type Heard = {
  step: Invocation;
  settings: Settings;
  /** How far our clock was ahead of the truth when it began, in milliseconds. */
  offset: number;
  /** True time. */
  began: number;
  at: number;
  ending: 'well' | 'bad' | 'died';
  error?: Error;
  events: readonly ExportEvent[];
  reports: readonly TargetReport[];
  status?: TargetStatus;
};

/** Whether somebody who watches the service has had reason to look. */
export function wasLoud({ ending, events }: Heard): boolean {
  return ending === 'bad' || events.some(isTrouble);
}

function isTrouble(event: ExportEvent): boolean {
  if (event.type === 'target_assessed') return event.atRisk.length > 0 || event.longUnconfirmed > 0;
  return TROUBLES.has(event.type);
}

const TROUBLES = new Set<string>([
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
] satisfies ExportEvent['type'][]);

/** What this process has said is lost, or never confirmed: a line of its log is out, also when it dies after that. */
export function toldLost({ events, reports }: Heard): Stretch[] {
  return [
    ...events.flatMap((event) => (isLoss(event) ? [stretch(event.window)] : [])),
    ...reports.flatMap(({ lost }) =>
      lost.map(({ start, end }): Stretch => [Date.parse(start), Date.parse(end)]),
    ),
  ];
}

type Loss = Extract<ExportEvent, { type: 'window_lost' | 'window_never_confirmed' }>;

function isLoss(event: ExportEvent): event is Loss {
  return event.type === 'window_lost' || event.type === 'window_never_confirmed';
}

/** What this process has said is exhausted: every task that was allowed has failed. */
export function toldExhausted({ ending, status }: Heard): Stretch[] {
  return ending === 'died' ? [] : (status?.exhausted ?? []).map(stretch);
}

/** What `status` does not say is well, or the process itself has said has failed. */
export function toldOpen({ status, events }: Heard): Stretch[] {
  const failed = events.flatMap((event) => (event.type === 'window_failed' ? [event.window] : []));
  const open = status ? [...status.pending, ...status.gaps, ...status.lost, ...status.neverConfirmed] : [];
  return [...open, ...failed].map(stretch);
}

export function stretch({ start, end }: Span): Stretch {
  return [start.epochMilliseconds, end.epochMilliseconds];
}
