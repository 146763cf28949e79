import type { Reason, ServedAlerts, Trigger } from '../../domain/exports/message.ts';
import type { Target } from '../../domain/input/target.ts';
import type { AlertExport } from '../../domain/ledger/window-row.ts';
import type { Instant } from '../../domain/time/instant.ts';
import type { Span } from '../../domain/time/spans.ts';

/** One target's part of a run for `scheduledTime`. */
export type TargetInput = { target: Target; scheduledTime: Instant; trigger: Trigger };

/** One window to export, and why. */
export type WindowInput = {
  target: Target;
  window: Span;
  reason: Reason;
  trigger: Trigger;
  /** Where the reason is `alert`. */
  alerts?: ServedAlerts;
  /** Of an export for alerts: its number, and when it is ordered. */
  alertExport?: AlertExport;
  /** Of an export for alerts: one more than the tasks that failed for the same window; its own row is new. */
  attempt?: number;
  /** It is ordered by our own clock, because Huawei's time is not known. */
  isUnverified?: boolean;
};
