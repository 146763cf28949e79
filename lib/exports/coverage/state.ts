import { from } from '../../domain/time/spans.ts';
import type { Target } from '../../domain/input/target.ts';
import type { TargetContent, TargetRow } from '../../domain/ledger/target-row.ts';
import type { WindowEntry } from '../../domain/ledger/window-row.ts';
import type { Clock, LedgerReader } from '../../ports.ts';
import { type Assessment, assessCoverage } from './assess.ts';
import { type Opening, opening } from './opening.ts';
import { coveredSpans, dueSpans } from './plan.ts';
import { firstOfInterest } from './target-row.ts';

/** What it takes to look without a trace; nobody is asked for the time. */
export type ReadPorts = { ledger: LedgerReader; clock: Clock };

/** What the ledger has of a target, as far as a run goes by it. */
export type Found = {
  stored: TargetRow | undefined;
  /** The target's row as the run would write it. */
  content: TargetContent;
  entries: WindowEntry[];
};

/**
 * What a run would go by; `stored` is what was read of the target's row. Writes nothing. Undefined where a run has nothing
 * to do: coverage has not started.
 */
export async function loadTargetState(
  ledger: LedgerReader,
  target: Target,
  { asked, stored }: { asked: Opening; stored: TargetRow | undefined },
): Promise<Found | undefined> {
  const content = opening(stored, target, asked);
  if (!content) return undefined;
  return { stored, content, entries: await listFrom(ledger, target, { content, asked }) };
}

/** The windows that a run goes by. */
export async function listFrom(
  ledger: LedgerReader,
  target: Target,
  { content, asked: { own } }: { content: TargetContent; asked: Pick<Opening, 'own'> },
): Promise<WindowEntry[]> {
  const first = firstOfInterest(content, content.coveredFrom && own ? [own.start] : []);
  return first ? await ledger.list(target.id, first) : [];
}

/** How the target stands for the run, going by what was found. */
export function assessFor(
  target: Target,
  { content, entries }: Pick<Found, 'content' | 'entries'>,
  { own, isSweep, now }: Pick<Opening, 'own' | 'isSweep' | 'now'>,
): Assessment {
  const all = own ? dueSpans(target, content, own) : [];
  const due = isSweep && content.coveredFrom ? from(all, content.coveredFrom) : all;
  const watched = content.openBackfills ?? [];
  return assessCoverage({
    target,
    entries,
    due,
    dueUntil: own?.end,
    watched,
    covered: coveredSpans(content),
    now,
  });
}
