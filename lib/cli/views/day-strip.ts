import { isAfter, isBefore } from '../../domain/time/instant.ts';
import { oldestExportable } from '../../domain/time/retention.ts';
import type { Span } from '../../domain/time/spans.ts';
import { windowsOver } from '../../domain/time/windows.ts';
import type { TargetStatus } from '../../exports/status/target-status.ts';
import type { Screen } from '../output/screen.ts';

/**
 * The days of which Huawei still has records, in the zone of the target's windows: a character for the worst state of each
 * day, and below it the first and the last date. The characters differ without colours too.
 */
export function dayStrip(status: TargetStatus, paint: Screen['paint']): [strip: string, dates: string] {
  const { target, now } = status;
  const { timeZone } = target.window;
  const days = [
    ...windowsOver(
      { ...target.window, every: { unit: 'day' } },
      { start: oldestExportable(now), end: now.add({ nanoseconds: 1 }) },
    ),
  ];
  const marks = days.map((day) => markOf(status, day));
  const date = (day: Span | undefined) =>
    day?.start.toZonedDateTimeISO(timeZone).toPlainDate().toString() ?? '';
  const [first, last] = [date(days[0]), date(days.at(-1))];
  return [
    marks.map(({ sign, style }) => paint(style, sign)).join(''),
    first + last.padStart(days.length - first.length),
  ];
}

/** What the characters mean. */
export function legend(paint: Screen['paint']): string {
  return [...GOOD_TO_BAD, ...EMPTY]
    .map(({ sign, style, means }) => `${paint(style, sign)} ${means}`)
    .join('  ');
}

const CONFIRMED = { sign: '●', style: 'green', means: 'confirmed' } as const;
const PENDING = { sign: '◐', style: 'cyan', means: 'pending' } as const;
const GAP = { sign: '○', style: 'yellow', means: 'gap' } as const;
const AT_RISK = { sign: '!', style: 'red', means: 'at risk' } as const;
const LOST = { sign: '✗', style: 'red', means: 'lost' } as const;
const BEFORE_COVERAGE = { sign: '·', style: 'dim', means: 'before coverage' } as const;
const NOT_DUE = { sign: '-', style: 'dim', means: 'not due' } as const;

const GOOD_TO_BAD = [CONFIRMED, PENDING, GAP, AT_RISK, LOST];
const EMPTY = [BEFORE_COVERAGE, NOT_DUE];

type Mark = (typeof GOOD_TO_BAD)[number] | (typeof EMPTY)[number];

function markOf(status: TargetStatus, day: Span): Mark {
  const { lost, atRisk, gaps, pending, confirmed, dueUntil } = status;
  const worstFirst: [readonly Span[], Mark][] = [
    [lost, LOST],
    [atRisk, AT_RISK],
    [gaps, GAP],
    [pending, PENDING],
    [confirmed, CONFIRMED],
  ];
  const worst = worstFirst.find(([spans]) =>
    spans.some((span) => isAfter(span.end, day.start) && isBefore(span.start, day.end)),
  );
  if (worst) return worst[1];
  return isBefore(day.start, dueUntil) ? BEFORE_COVERAGE : NOT_DUE;
}
