import type { Instant } from '../../domain/instant.ts';
import type { Span } from '../../domain/span.ts';
import type { Target } from '../../domain/target.ts';
import type { Reason, ServedAlerts, Trigger } from '../../domain/task-submitted.ts';

/** One window to export, and why. */
export type WindowDemand = {
  target: Target;
  window: Span;
  reason: Reason;
  trigger: Trigger;
  /** Where the reason is `alert`. */
  alerts?: ServedAlerts;
};

/**
 * One target's share of a run that stands for `scheduledTime`. `calendar` orders every window that is due; `rows` (the
 * sweep) goes on with what some run began, and orders no window that none has planned.
 */
export type TargetDemand = {
  target: Target;
  scheduledTime: Instant;
  trigger: Trigger;
  scope: 'calendar' | 'rows';
};
