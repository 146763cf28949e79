import type { Instant } from '../../domain/instant.ts';
import type { Span } from '../../domain/span.ts';
import type { Target } from '../../domain/target.ts';
import type { Reason, ServedAlerts, Trigger } from '../../domain/task-submitted.ts';
import type { ExportOrder } from '../../domain/window-record.ts';

/** One window to export, and why. */
export type WindowInput = {
  target: Target;
  window: Span;
  reason: Reason;
  trigger: Trigger;
  /** Where the reason is `alert`. */
  alerts?: ServedAlerts;
  /** Of an export for alerts: its number, and when it is ordered. */
  order?: ExportOrder;
  /** Of an export for alerts: one more than the tasks that failed for the same; its own row has none yet. */
  attempt?: number;
  /** It goes by our own clock, because nobody could say what time it is at Huawei. */
  isUnverified?: boolean;
};

/** One target's share of a run that stands for `scheduledTime`. */
export type TargetInput = { target: Target; scheduledTime: Instant; trigger: Trigger };
