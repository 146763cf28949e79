import { InputError } from '../../domain/errors.ts';
import type { Target } from '../../domain/input/target.ts';
import { earlier, type Instant, isAfter, isBefore } from '../../domain/time/instant.ts';
import type { Span } from '../../domain/time/spans.ts';
import { newestDueWindow, type WindowRule, windowContaining } from '../../domain/time/windows.ts';
import type { ServicePorts } from '../../run-ports.ts';
import { type Moment, momentOf } from '../clock/moment.ts';

/** A range of login time in whole windows: the part that is due, and the part that is not due yet. */
export type BackfillRange = {
  due: Span;
  /** `dueAt`: when its first window becomes due. */
  notDue?: { span: Span; dueAt: Instant };
};

/**
 * Widens a requested range to whole windows and cuts off what is not due yet. Throws an `InputError` when nothing of it is
 * due.
 */
export function backfillRange({ window: rule }: Target, requested: Span, now: Instant): BackfillRange {
  checkOrder(requested);
  const whole = inWholeWindows(rule, requested);
  const { end } = newestDueWindow(rule, now);
  if (!isBefore(whole.start, end)) throw wrong('--from', nothingDue(requested.start, end));
  const due = { start: whole.start, end: earlier(whole.end, end) };
  if (!isAfter(whole.end, end)) return { due };
  const dueAt = windowContaining(rule, end).end.add(rule.delay);
  return { due, notDue: { span: { start: end, end: whole.end }, dueAt } };
}

/** Throws an `InputError` for a range that ends before it begins: no clock is needed to see that. */
export function checkOrder(range: Span): void {
  if (!isBefore(range.start, range.end)) throw wrong('--to', notAfter(range));
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
 * Learns the time for a backfill. Throws where nothing can be exported: the host does not answer (`UnavailableError`), or its
 * time is disputed (`ClockError`).
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
