import type { AlertOrder } from '../../domain/alert-book.ts';
import type { Target } from '../../domain/target.ts';
import type { Trigger } from '../../domain/task-submitted.ts';
import type { WindowDemand } from '../window/window-demand.ts';

/** An order as one window to export. */
export function windowDemand(target: Target, order: AlertOrder): WindowDemand {
  const { window, alerts } = order;
  return { target: narrowed(target, order), window, reason: 'alert', trigger: triggerOf(order), alerts };
}

/** The target as an order sees it: narrowed to what its alerts name. */
function narrowed(target: Target, { filters }: AlertOrder): Target {
  return { ...target, filters };
}

function triggerOf({ dueAt }: AlertOrder): Trigger {
  return { kind: 'alert', scheduled_time: dueAt.toString() };
}
