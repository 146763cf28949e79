import type { Temporal } from 'temporal-polyfill';
import type { Period } from './duration.ts';
import { earlier, type Instant, isBefore, later } from './instant.ts';
import { oldestExportable } from './retention.ts';
import type { Span } from './spans.ts';

/**
 * How a target's time is cut into windows: of the length `every`, counted from the start of each calendar day of `timeZone`.
 * `delay`: how long after its end a window becomes due. `overlap`: asked for in addition, before a window's start.
 */
export type WindowRule = {
  every: Period;
  timeZone: string;
  delay: Temporal.Duration;
  overlap: Temporal.Duration;
};

/**
 * The newest window that is due at `at`. This decides what is due: `end + delay <= at`, so that late records are in the
 * window. The result depends on `at` and the rule alone, so a retry gets the same window.
 */
export function newestDueWindow(rule: WindowRule, at: Instant): Span {
  const open = windowContaining(rule, at.subtract(rule.delay));
  return windowContaining(rule, open.start.subtract({ nanoseconds: 1 }));
}

/** The window that contains `at`. */
export function windowContaining(rule: WindowRule, at: Instant): Span {
  return windowOfDay(dayContaining(rule.timeZone, at), rule.every, at);
}

/** Every window that overlaps the span, oldest first. */
export function* windowsOver(rule: WindowRule, { start, end }: Span): Generator<Span> {
  let window = windowContaining(rule, start);
  let day = dayContaining(rule.timeZone, start);
  while (isBefore(window.start, end)) {
    yield window;
    if (!isBefore(window.end, day.end)) day = dayContaining(rule.timeZone, window.end);
    window = windowOfDay(day, rule.every, window.end);
  }
}

/**
 * The spans cut into windows, in their order. Where a span begins or ends within a window, only that part of the
 * window.
 */
export function cutIntoWindows(rule: WindowRule, spans: readonly Span[]): Span[] {
  return spans.flatMap((span) =>
    [...windowsOver(rule, span)].map(({ start, end }) => ({
      start: later(start, span.start),
      end: earlier(end, span.end),
    })),
  );
}

// A day that is not a multiple of the length (a clock change) ends with a shorter window.
function windowOfDay(day: Span, every: Period, at: Instant): Span {
  if (every.unit === 'day') return day;
  const length = every.minutes * 60_000;
  const index = Math.floor((at.epochMilliseconds - day.start.epochMilliseconds) / length);
  const start = day.start.add({ milliseconds: index * length });
  const end = start.add({ milliseconds: length });
  return { start, end: isBefore(day.end, end) ? day.end : end };
}

// Where clocks go back over midnight, the earlier date occurs twice, so the date of an instant is not enough.
function dayContaining(timeZone: string, at: Instant): Span {
  let date = at.toZonedDateTimeISO(timeZone).toPlainDate();
  let start = startOf(date, timeZone);
  let end = startOf(date.add({ days: 1 }), timeZone);
  while (!isBefore(at, end)) {
    date = date.add({ days: 1 });
    start = end;
    end = startOf(date.add({ days: 1 }), timeZone);
  }
  return { start, end };
}

function startOf(date: Temporal.PlainDate, timeZone: string): Instant {
  return date.toZonedDateTime(timeZone).toInstant();
}

/**
 * The login times to ask Huawei for: the window, and before it as much of the overlap as Huawei still has. The window itself
 * is never cut.
 */
export function requestedSpan({ start, end }: Span, overlap: Temporal.Duration, now: Instant): Span {
  const oldest = oldestExportable(now);
  const wanted = start.subtract(overlap);
  if (!isBefore(wanted, oldest)) return { start: wanted, end };
  return { start: isBefore(oldest, start) ? oldest : start, end };
}
