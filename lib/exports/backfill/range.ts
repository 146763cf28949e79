import { InputError } from '../../domain/errors.ts';
import type { Target } from '../../domain/input/target.ts';
import { earlier, type Instant, isAfter, isBefore } from '../../domain/time/instant.ts';
import type { Span } from '../../domain/time/spans.ts';
import { newestDueWindow, type WindowRule, windowContaining } from '../../domain/time/windows.ts';
import type { ServicePorts } from '../../run-ports.ts';
import { type Moment, momentOf } from '../run/moment.ts';

/** A range of login time in whole windows: what can be exported by now, and what is still to come of it. */
export type BackfillRange = {
  due: Span;
  /** `dueAt`: when the first window of it is due. */
  notDue?: { span: Span; dueAt: Instant };
};

/**
 * Widens what a person asked for to whole windows and cuts off what is not due yet. Throws an `InputError` when nothing
 * is left of it.
 */
export function backfillRange({ window: rule }: Target, asked: Span, now: Instant): BackfillRange {
  checkOrder(asked);
  const whole = inWholeWindows(rule, asked);
  const { end } = newestDueWindow(rule, now);
  if (!isBefore(whole.start, end)) throw wrong('--from', nothingDue(asked.start, end));
  const due = { start: whole.start, end: earlier(whole.end, end) };
  if (!isAfter(whole.end, end)) return { due };
  const dueAt = windowContaining(rule, end).end.add(rule.delay);
  return { due, notDue: { span: { start: end, end: whole.end }, dueAt } };
}

/** Throws an `InputError` for a range that ends before it begins: that is wrong whatever time it is. */
export function checkOrder(asked: Span): void {
  if (!isBefore(asked.start, asked.end)) throw wrong('--to', notAfter(asked));
}

function inWholeWindows(rule: WindowRule, { start, end }: Span): Span {
  const last = windowContaining(rule, end);
  return {
    start: windowContaining(rule, start).start,
    end: isAfter(end, last.start) ? last.end : end,
  };
}

function wrong(path: string, message: string): InputError {
  return new InputError('There is nothing to export in that range:', [{ path, message }]);
}

function notAfter({ start, end }: Span): string {
  return `is ${end}, and must be after --from, which is ${start}`;
}

function nothingDue(start: Instant, end: Instant): string {
  return `is ${start}, and must be before ${end}: the newest window that is due by now ends there`;
}

/**
 * Learns by whose time a backfill goes. Throws what keeps it from exporting anything: a host that does not answer
 * (`UnavailableError`), or whose time is denied (`ClockError`).
 */
export async function backfillMoment(
  ports: ServicePorts,
  target: Target,
  signal: AbortSignal,
): Promise<Moment> {
  const time = await ports.openClocks()(target, signal);
  const moment = await momentOf(ports, { target, requested: undefined }, time, signal);
  if (moment.error && !moment.mayOrder) throw moment.error;
  return moment;
}
