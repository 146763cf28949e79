import type { ExportError } from '../errors.ts';
import type { Filters } from '../input/filters.ts';
import type { Instant } from '../time/instant.ts';
import type { Span } from '../time/spans.ts';
import type { TaskSubmitted } from './message.ts';

/** The events of a run, in order. Logs, metrics and the screen are made of these. */
export type RunEvent =
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
  /** The 30 days are over, and it is not known how the task ended. */
  | { type: 'window_never_confirmed'; targetId: string; window: Span; taskId: string; error: ExportError }
  /** The target's first run: coverage begins here. */
  | { type: 'coverage_started'; targetId: string; from: Instant }
  /** `start_at` asks for this window, too, and Huawei no longer had it when coverage began. */
  | { type: 'before_retention'; targetId: string; window: Span }
  | ClockEvent
  /** A row of the ledger cannot be read; its window counts as not exported. */
  | { type: 'row_unreadable'; targetId: string; message: string }
  /** How many windows the run will work on; before the first of them. */
  | { type: 'target_planned'; targetId: string; windows: number }
  /** So many windows were not started in this run. */
  | { type: 'windows_deferred'; targetId: string; windows: number; why: string }
  /**
   * Huawei's task list could not be read to its end, so it is not known how the tasks of so many published windows
   * ended.
   */
  | { type: 'tasks_unknown'; targetId: string; windows: number; error: ExportError }
  /** Huawei's list answers, and its answer on the tasks of so many published windows is not documented. */
  | { type: 'tasks_unclear'; targetId: string; windows: number; why: string }
  | AlertEvent
  | CoverageEvent
  | { type: 'call_throttled'; targetId: string; waitMilliseconds: number }
  | { type: 'call_repeated'; targetId: string; waitMilliseconds: number; why: string };

/** What a run learnt about the time at Huawei. */
export type ClockEvent =
  /** How far our clock is ahead of Huawei's; negative when it is behind. */
  | { type: 'clock_learnt'; targetId: string; aheadSeconds: number }
  /** The time is not known for sure, or no host answered. */
  | { type: 'clock_unknown'; targetId: string; error: ExportError }
  /** A clock that was ahead had moved coverage too far; the run moves it back to `to`. */
  | { type: 'coverage_reset'; targetId: string; from: Instant; to: Instant };

/** Events about alerts and their requests. */
export type AlertEvent =
  /** The alert asks for exports of the target; `tasks` have a part of them already. */
  | {
      type: 'alert_received';
      targetId: string;
      alertId: string;
      windows: number;
      tasks: readonly string[];
      /** For an alert that came before: what was reported as lost, and as exhausted. */
      lost: readonly Span[];
      exhausted: readonly Span[];
    }
  /** No rule matches the alert, so nothing is exported for it. */
  | {
      type: 'alert_unmatched';
      targetId: typeof NO_TARGET;
      alertId: string;
      source: string;
      types: readonly string[];
      /** Continues a sentence after the alert's name and a colon. */
      why: string;
    }
  /** The export has no filters, so this part of the window is left out; a rule can change that (`unfiltered_span`). */
  | { type: 'alert_shortened'; targetId: string; alertId: string; window: Span }
  /** So many exports had no slot in the hour, and were coalesced without the alerts' filters. */
  | { type: 'alerts_coalesced'; targetId: string; exports: number }
  /** Huawei no longer has this part of a request, and no export has it. */
  | { type: 'request_lost'; targetId: string; alertId: string; window: Span; filters: Filters }
  /** The request is exported whole; these tasks have been unconfirmed for more than a day. */
  | {
      type: 'request_unconfirmed';
      targetId: string;
      alertId: string;
      window: Span;
      tasks: readonly string[];
    }
  /** No further export is ordered, because `max_attempts` exports have failed. */
  | { type: 'request_exhausted'; targetId: string; alertId: string; window: Span; error: ExportError };

/** In place of a target's id where there is no target: no id looks like this. */
export const NO_TARGET = '_none';

/** In place of a target's id, for the service as a whole. */
export const THE_SERVICE = '_service';

/** The coverage of a target at the end of a run. */
export type CoverageEvent = {
  type: 'target_assessed';
  targetId: string;
  /** Where coverage ends (see `TargetRow`), and how long ago that is; absent before the first run. */
  coveredUntil?: Instant;
  ageSeconds?: number;
  /** Windows that are published and not confirmed. */
  unconfirmed: number;
  /**
   * The part of these that was published more than 26 hours ago and could still be exported again; at most 100 are
   * counted.
   */
  longUnconfirmed: number;
  /** Windows that can be exported now and no longer when the target's schedule fires next. */
  atRisk: readonly Span[];
  /** Until the first second of a gap is lost; the whole 30 days when there is no gap. */
  hoursLeft: number;
};
