import { type Instant, earliest, isAfter, isBefore } from '../../domain/time/instant.ts';
import { RETENTION } from '../../domain/time/retention.ts';
import { type Span, without } from '../../domain/time/spans.ts';
import { type TargetContent, type TargetRow, contentOf } from '../../domain/ledger/target-row.ts';
import type { Target } from '../../domain/input/target.ts';
import type { Observe } from '../../ports.ts';
import type { RunPorts } from '../../run-ports.ts';
import type { Assessment } from './assess.ts';
import { type Opening, beforeRetention, opening } from './opening.ts';
import { coveredSpans } from './plan.ts';
import { type RowPorts, fenced, isSame, rewrite } from './rewrite-target.ts';

/**
 * Writes the target's row as this run goes by it: made by the first run, and changed where settings ask for earlier
 * coverage or a wrong clock had moved it too far. `stored` is what was read of it a moment ago.
 */
export async function initCoverage(
  ports: RowPorts,
  target: Target,
  { asked, stored }: { asked: Opening; stored: TargetRow | undefined },
): Promise<TargetRow | undefined> {
  const row = await rewrite(ports, target, { stored, wanted: (found) => opening(found, target, asked) });
  if (row) {
    reportStarted(ports.observe, { before: stored, after: row });
    tellOpening(ports.observe, target, { before: stored, after: row });
  }
  return row;
}

/**
 * From where on the ledger's windows are of interest: what lies before is final, or was never asked for. Undefined
 * where none is: coverage has not started, and what was backfilled before is over.
 */
export function firstOfInterest(
  { coveredUntil, lookbackFrom, unreportedFrom, openBackfills = [] }: TargetContent,
  others: readonly Instant[],
): Instant | undefined {
  const left = openBackfills.map(({ start }) => start);
  return earliest([coveredUntil, lookbackFrom, unreportedFrom, ...left, ...others]);
}

/** Whether a run would leave the target's row as it is. */
export function isAsOpened(stored: TargetRow, content: TargetContent): boolean {
  return isSame(contentOf(stored), content);
}

/** What a run learnt that the target's row keeps. */
export type Learnt = {
  aheadSeconds?: number | undefined;
  listDownSince?: Instant | undefined;
  /** From where on something is still untold. */
  unreportedFrom?: Instant | undefined;
  /** The time is ours alone: by it nothing may be over. */
  isUnverified?: boolean;
};

/**
 * Moves `covered_until` on over what is final by now, and takes the note away that something is untold, unless
 * something is. Where another run has written the row meanwhile, the next one does it.
 */
export async function advance(
  { ledger, clock }: Pick<RunPorts, 'ledger' | 'clock'>,
  row: TargetRow,
  seen: Pick<Assessment, 'final' | 'notFinal' | 'lost'>,
  { aheadSeconds, unreportedFrom, listDownSince, isUnverified = false }: Learnt = {},
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
  const next = isUnverified ? reached : withoutOver(reached, seen, now);
  if (isSame(contentOf(row), next)) return row;
  const written = fenced(row, next, now);
  return (await ledger.saveTarget(written)) ? written : row;
}

type Change = { before: TargetRow | undefined; after: TargetRow };

function tellOpening(observe: RunPorts['observe'], target: Target, { before, after }: Change): void {
  const targetId = target.id;
  const isMoved = after.coveredFrom && !(before?.coveredFrom && after.coveredFrom.equals(before.coveredFrom));
  const missing = isMoved ? beforeRetention(target, after.coveredFrom) : undefined;
  if (missing) observe({ type: 'before_retention', targetId, window: missing });
  const [from, to] = [before?.coveredUntil, after.coveredUntil];
  // An earlier beginning is asked for; anything else that goes back undoes what a wrong clock did.
  if (from && to && isAfter(from, to) && !(isMoved && before?.coveredFrom && isAfter(before.coveredFrom, to)))
    observe({ type: 'coverage_reset', targetId, from, to });
}

/** Without what nothing more can become of. */
function withoutOver(
  content: TargetContent,
  { final, notFinal }: Pick<Assessment, 'final' | 'notFinal'>,
  now: Instant,
): TargetContent {
  const { lookbackFrom: from, openBackfills = [], ...rest } = content;
  const open = without(openBackfills, [...final, ...coveredSpans(content)]);
  const left = [...without(notFinal, final), ...open];
  const lookbackFrom = from && stillWatched(from, { coveredUntil: content.coveredUntil, left }, now);
  return {
    ...rest,
    ...(lookbackFrom ? { lookbackFrom } : {}),
    ...(open.length > 0 ? { openBackfills: open } : {}),
  };
}

type Left = { coveredUntil: Instant | undefined; left: readonly Span[] };

// The oldest window of a backfill is over before its younger ones, so from then on only what is left of the younger ones is
// watched. What has no answer of the task list yet is left, however old it is.
function stillWatched(from: Instant, { coveredUntil, left }: Left, now: Instant): Instant | undefined {
  if (isAfter(from, now.subtract(WATCHED_FOR))) return from;
  const before = left.filter(({ start }) => !coveredUntil || isBefore(start, coveredUntil));
  return earliest(before.map(({ start }) => start));
}

// A run that has only just started such a window may not have written its row yet. Past the retention cutoff none is started any
// more; a day more, for the last sweep to have written so.
const WATCHED_FOR = RETENTION.add({ hours: 24 });

function endOfFinal(from: Instant, final: readonly Span[]): Instant {
  return final.find(({ start, end }) => !isAfter(start, from) && isAfter(end, from))?.end ?? from;
}

function latest(a: Instant | undefined, b: Instant): Instant {
  return a && isAfter(a, b) ? a : b;
}

/** Tells that a target's coverage begins: once in its life, unless the run has the wrong state. */
function reportStarted(
  observe: Observe,
  { before, after }: { before: TargetRow | undefined; after: TargetRow },
): void {
  if (before?.coveredFrom || !after.coveredFrom) return;
  observe({ type: 'coverage_started', targetId: after.targetId, from: after.coveredFrom });
}

// A property that is there says something.
function present<Values extends object>(values: Values): Present<Values> {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Present<Values>;
}

type Present<Values> = { [Name in keyof Values]?: Exclude<Values[Name], undefined> };
