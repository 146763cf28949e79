import { contentOf, type TargetContent, type TargetRow } from '../../domain/ledger/target-row.ts';
import { earliest, type Instant, isAfter, isBefore } from '../../domain/time/instant.ts';
import { RETENTION } from '../../domain/time/retention.ts';
import { type Span, without } from '../../domain/time/spans.ts';
import type { RunPorts } from '../../run-ports.ts';
import { coveredSpans } from './due.ts';
import type { Assessment } from './gaps.ts';
import { fenced, isSame } from './target-row-store.ts';

/** What a run found out that the target's row keeps. */
export type RunFacts = {
  aheadSeconds?: number | undefined;
  listDownSince?: Instant | undefined;
  /** From here on, windows that ended badly may still be unreported. */
  unreportedFrom?: Instant | undefined;
  /** The time is our own clock's alone: by that time nothing may count as over. */
  isUnverified?: boolean;
};

/**
 * Moves `covered_until` on over what is final by now, and replaces what the row says of unreported windows by what is left
 * of them. Where another run has written the row in the meantime, the next run does this.
 */
export async function advance(
  { ledger, clock }: Pick<RunPorts, 'ledger' | 'clock'>,
  row: TargetRow,
  seen: Pick<Assessment, 'final' | 'notFinal' | 'lost'>,
  { aheadSeconds, unreportedFrom, listDownSince, isUnverified = false }: RunFacts = {},
): Promise<TargetRow> {
  const now = clock();
  const { clockOffsetSeconds: _, unreportedFrom: __, listDownSince: ___, ...rest } = contentOf(row);
  const coveredUntil = row.coveredUntil && endOfFinal(row.coveredUntil, seen.final);
  const lostUntil = seen.lost.map(({ window }) => window.end).reduce(latest, row.lostUntil);
  const reached: TargetContent = {
    ...rest,
    ...present({
      coveredUntil,
      lostUntil,
      unreportedFrom,
      listDownSince,
      clockOffsetSeconds: aheadSeconds,
    }),
  };
  const next = isUnverified ? reached : withoutFinal(reached, seen, now);
  if (isSame(contentOf(row), next)) return row;
  const saved = fenced(row, next, now);
  return (await ledger.saveTarget(saved)) ? saved : row;
}

// `isSame` compares by properties: one that is undefined is not the same as one that is absent.
function present<Values extends object>(values: Values): Present<Values> {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Present<Values>;
}

type Present<Values> = { [Name in keyof Values]?: Exclude<Values[Name], undefined> };

function endOfFinal(from: Instant, final: readonly Span[]): Instant {
  return final.find(({ start, end }) => !isAfter(start, from) && isAfter(end, from))?.end ?? from;
}

function latest(a: Instant | undefined, b: Instant): Instant {
  return a && isAfter(a, b) ? a : b;
}

/** Without backfills of which every window is final. */
function withoutFinal(
  content: TargetContent,
  { final, notFinal }: Pick<Assessment, 'final' | 'notFinal'>,
  now: Instant,
): TargetContent {
  const { lookbackFrom: from, openBackfills = [], ...rest } = content;
  const open = without(openBackfills, [...final, ...coveredSpans(content)]);
  const unfinished = [...without(notFinal, final), ...open];
  const lookbackFrom = from && nextLookback(from, { coveredUntil: content.coveredUntil, unfinished }, now);
  return {
    ...rest,
    ...(lookbackFrom ? { lookbackFrom } : {}),
    ...(open.length > 0 ? { openBackfills: open } : {}),
  };
}

type Unfinished = { coveredUntil: Instant | undefined; unfinished: readonly Span[] };

// When the oldest window of a backfill is past the cutoff, the lookback moves on to the oldest window that is not final.
// A window without an answer of the task list is not final, however old it is.
function nextLookback(
  from: Instant,
  { coveredUntil, unfinished }: Unfinished,
  now: Instant,
): Instant | undefined {
  if (isAfter(from, now.subtract(LOOKBACK_FOR))) return from;
  const outside = unfinished.filter(({ start }) => !coveredUntil || isBefore(start, coveredUntil));
  return earliest(outside.map(({ start }) => start));
}

// A run that has just started a window may not have written its row yet. Past the retention cutoff no window is started;
// the day more is for the last sweep to write its rows.
const LOOKBACK_FOR = RETENTION.add({ hours: 24 });
