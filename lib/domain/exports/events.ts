import type { ExportError } from '../errors.ts';
import type { Filters } from '../input/filters.ts';
import type { Instant } from '../time/instant.ts';
import type { Span } from '../time/spans.ts';
import type { TaskSubmitted } from './message.ts';

/** What happens in a run, in the order it happens; logs, metrics and the screen are made of these. */
export type ExportEvent =
  | { type: 'window_accepted'; targetId: string; window: Span; taskId: string; callMilliseconds: number }
  | { type: 'window_published'; targetId: string; window: Span; message: TaskSubmitted }
  | { type: 'window_covered'; targetId: string; window: Span }
  | { type: 'window_deferred'; targetId: string; window: Span; why: string }
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
  /** Its 30 days are over, and nobody said how its task ended. */
  | { type: 'window_never_confirmed'; targetId: string; window: Span; taskId: string; error: ExportError }
  /** The target's first run: the ledger knew nothing of it, and it is covered from here on. */
  | { type: 'coverage_started'; targetId: string; from: Instant }
  /** Coverage begins with what Huawei still had; `start_at` asks for this besides. */
  | { type: 'before_retention'; targetId: string; window: Span }
  | ClockEvent
  /** A stored row that cannot be read; its window counts as not exported. */
  | { type: 'row_unreadable'; targetId: string; message: string }
  /** How many windows are to be worked on, before the first of them. */
  | { type: 'target_planned'; targetId: string; windows: number }
  /** These were not started in this run; `why` says what kept it from them. */
  | { type: 'windows_deferred'; targetId: string; windows: number; why: string }
  /** Huawei's task list could not be had, so nobody knows what became of so many published windows; of others it may have told before. */
  | { type: 'tasks_unknown'; targetId: string; windows: number; error: ExportError }
  /** Huawei's list answers, and what it says of the tasks of so many published windows is none of its documented words. */
  | { type: 'tasks_unclear'; targetId: string; windows: number; why: string }
  | AlertEvent
  | CoverageEvent
  | { type: 'call_throttled'; targetId: string; waitMilliseconds: number }
  | { type: 'call_repeated'; targetId: string; waitMilliseconds: number; why: string };

/** What a run learnt of the time at Huawei. */
export type ClockEvent =
  /** How far our clock is ahead of Huawei's; negative when it is behind. */
  | { type: 'clock_learnt'; targetId: string; aheadSeconds: number }
  /** Nobody could say for sure, or nothing answered. */
  | { type: 'clock_unknown'; targetId: string; error: ExportError }
  /** Coverage had been moved too far by a clock that was ahead; the run goes back to `to`. */
  | { type: 'coverage_reset'; targetId: string; from: Instant; to: Instant };

/** What happens about alerts, before their windows are worked on. */
export type AlertEvent =
  /** It calls for exports of the target; `tasks` cover part of what it asks for already. */
  | {
      type: 'alert_received';
      targetId: string;
      alertId: string;
      windows: number;
      tasks: readonly string[];
      /** Of an alert that came before: what was told as lost, and as exhausted. */
      lost: readonly Span[];
      exhausted: readonly Span[];
    }
  /** No rule is for it, so it calls for no export. */
  | {
      type: 'alert_unmatched';
      targetId: typeof NO_TARGET;
      alertId: string;
      source: string;
      types: readonly string[];
      /** In words that follow the alert's name and a colon. */
      why: string;
    }
  /** Its export is not narrowed, and so does not go back this far; a rule may say otherwise (`unfiltered_span`). */
  | { type: 'alert_shortened'; targetId: string; alertId: string; window: Span }
  /** So many exports found no slot in the hour, and were joined without the alerts' filters. */
  | { type: 'alerts_coalesced'; targetId: string; exports: number }
  /** Huawei no longer has this part of what an alert asks for, and no export has it. */
  | { type: 'request_lost'; targetId: string; alertId: string; window: Span; filters: Filters }
  /** All is exported; nobody has said for more than a day how these tasks ended. */
  | {
      type: 'request_unconfirmed';
      targetId: string;
      alertId: string;
      window: Span;
      tasks: readonly string[];
    }
  /** No further export of it is ordered, because as many failed as are allowed. */
  | { type: 'request_exhausted'; targetId: string; alertId: string; window: Span; error: ExportError };

/** Stands for the target where there is none: no id of a target looks like it. */
export const NO_TARGET = '_none';

/** Stands for the service as a whole, whichever of its targets it was. */
export const THE_SERVICE = '_service';

/** How a target stands at the end of a run. */
export type CoverageEvent = {
  type: 'target_assessed';
  targetId: string;
  /** How far coverage is contiguous (see `TargetRow`), and how long ago that is; absent before the first run. */
  coveredUntil?: Instant;
  ageSeconds?: number;
  /** Windows that are published and not confirmed. */
  unconfirmed: number;
  /** Of those, the ones published more than 26 hours ago that could still be exported again; at most 100 are counted. */
  longUnconfirmed: number;
  /** Windows that can be exported now, and no longer when the target's schedule fires next. */
  atRisk: readonly Span[];
  /** Until the first second of a gap is lost; the whole 30 days when there is no gap. */
  hoursLeft: number;
};
