import type { ExportError } from './errors.ts';
import type { Instant } from './instant.ts';
import type { Span } from './span.ts';
import type { TaskSubmitted } from './task-submitted.ts';

/** What happens in a run, in the order it happens; logs, metrics and the screen are made of these. */
export type ExportEvent =
  | { type: 'window_accepted'; targetId: string; window: Span; taskId: string; callMilliseconds: number }
  | { type: 'window_announced'; targetId: string; window: Span; message: TaskSubmitted }
  | { type: 'window_covered'; targetId: string; window: Span }
  | { type: 'window_left'; targetId: string; window: Span; why: string }
  | { type: 'window_failed'; targetId: string; window: Span; error: ExportError }
  | { type: 'window_confirmed'; targetId: string; window: Span; taskId: string }
  | {
      type: 'task_failed';
      targetId: string;
      window: Span;
      taskId: string;
      attempt: number;
      error: ExportError;
    }
  | { type: 'window_lost'; targetId: string; window: Span }
  /** How many windows are to be worked on, before the first of them. */
  | { type: 'target_planned'; targetId: string; windows: number }
  /** The run's time was over before these were begun. */
  | { type: 'windows_left'; targetId: string; windows: number }
  /** Huawei's task list could not be had, so nobody knows what became of so many announced windows; of others it may have told before. */
  | { type: 'tasks_unknown'; targetId: string; windows: number; error: ExportError }
  | CoverageEvent
  | { type: 'call_throttled'; targetId: string; waitMilliseconds: number }
  | { type: 'call_repeated'; targetId: string; waitMilliseconds: number; why: string };

/** How a target stands at the end of a run. */
export type CoverageEvent = {
  type: 'target_surveyed';
  targetId: string;
  /** How far coverage is contiguous (see `TargetRecord`), and how long ago that is; absent before the first run. */
  coveredUntil?: Instant;
  ageSeconds?: number;
  /** Windows that are announced and not confirmed. */
  unconfirmed: number;
  /** Windows that can be exported now, and no longer when the target's schedule fires next. */
  atRisk: readonly Span[];
  /** Until the first second of a hole is lost; the whole 30 days when there is no hole. */
  hoursLeft: number;
};
