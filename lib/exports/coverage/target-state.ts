import type { Target } from '../../domain/input/target.ts';
import type { TargetContent, TargetRow } from '../../domain/ledger/target-row.ts';
import type { WindowEntry } from '../../domain/ledger/window-row.ts';
import { earliest, type Instant } from '../../domain/time/instant.ts';
import { from } from '../../domain/time/spans.ts';
import type { Clock, LedgerReader, OpenRows } from '../../ports.ts';
import { coveredSpans, dueSpans } from './due.ts';
import { type Assessment, assessCoverage } from './gaps.ts';
import { previewInit, type RunScope } from './init-coverage.ts';

/** What previews and `status` need: they only read, and ask no host for the time. */
export type ReadPorts = { ledger: LedgerReader; clock: Clock };

/** What the ledger has of a target, as far as a run needs it. */
export type TargetState = {
  stored: TargetRow | undefined;
  /** The content of the target's row as the run would write it. */
  content: TargetContent;
  entries: WindowEntry[];
};

/**
 * Reads what a run goes by; `stored` is the target's row as it was just read. Writes nothing. Undefined where the run has
 * nothing to do, because coverage has not begun.
 */
export async function loadTargetState(
  ledger: LedgerReader,
  target: Target,
  { scope, stored }: { scope: RunScope; stored: TargetRow | undefined },
): Promise<TargetState | undefined> {
  const content = previewInit(stored, target, scope);
  if (!content) return undefined;
  return { stored, content, entries: await listWindows(ledger, target, { content, scope }) };
}

/** The target's row among its open rows; undefined where there is none, or where it is damaged and has to be rebuilt. */
export function readableTarget({ target }: Pick<OpenRows, 'target'>): TargetRow | undefined {
  return target instanceof Error ? undefined : target;
}

/** Lists the windows that a run goes by. */
export async function listWindows(
  ledger: LedgerReader,
  target: Target,
  { content, scope: { current }, fresh = false }: Listing,
): Promise<WindowEntry[]> {
  const first = firstOfInterest(content, content.coveredFrom && current ? [current.start] : []);
  return first ? await ledger.list(target.id, first, { fresh }) : [];
}

type Listing = { content: TargetContent; scope: Pick<RunScope, 'current'>; fresh?: boolean };

/**
 * From where on a run must see the ledger's windows: earlier windows are final, or nobody asked for them. Undefined where
 * the run needs no window: coverage has not begun, and no backfill is open.
 */
export function firstOfInterest(
  { coveredUntil, lookbackFrom, unreportedFrom, openBackfills = [] }: TargetContent,
  others: readonly Instant[],
): Instant | undefined {
  const backfills = openBackfills.map(({ start }) => start);
  return earliest([coveredUntil, lookbackFrom, unreportedFrom, ...backfills, ...others]);
}

/** The coverage of the target at `now`, going by what was read. */
export function assessFor(
  target: Target,
  { content, entries }: Pick<TargetState, 'content' | 'entries'>,
  { current, isSweep, now }: Pick<RunScope, 'current' | 'isSweep' | 'now'>,
): Assessment {
  const all = current ? dueSpans(target, content, current) : [];
  const due = isSweep && content.coveredFrom ? from(all, content.coveredFrom) : all;
  return assessCoverage({
    target,
    entries,
    due,
    dueUntil: current?.end,
    openBackfills: content.openBackfills ?? [],
    covered: coveredSpans(content),
    now,
  });
}
