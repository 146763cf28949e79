import type { Target } from '../../domain/input/target.ts';
import { contentOf, type TargetRow } from '../../domain/ledger/target-row.ts';
import { isAfter } from '../../domain/time/instant.ts';
import { type Span, union, without } from '../../domain/time/spans.ts';
import { boundProject } from '../coverage/bound-project.ts';
import { type RowPorts, readTarget, rewrite } from '../coverage/rewrite-target.ts';

/**
 * Notes a backfill before its first window is ordered: what is missing of its range, in order. From then on the ledger's
 * windows from there on are looked after, although coverage begins later or is past them, and what crosses the cutoff
 * without an export is a loss.
 */
export async function beginBackfill(
  ports: RowPorts,
  target: Target,
  missing: readonly Span[],
): Promise<void> {
  const wanted = (found: TargetRow | undefined) => {
    const content = found ? contentOf(found) : boundProject(target);
    const openBackfills = union([...(found?.openBackfills ?? []), ...missing]);
    const start = missing[0]?.start;
    const seen = [found?.coveredUntil, found?.lookbackFrom].filter((at) => at !== undefined);
    const isWatched = start === undefined || seen.some((at) => !isAfter(at, start));
    return { ...content, openBackfills, ...(isWatched ? {} : { lookbackFrom: start }) };
  };
  await rewrite(ports, target, { stored: await readTarget(ports, target), wanted });
}

/** Notes that nothing is missing of these spans any more. What of a range is lost stays, until a run has recorded it. */
export async function endBackfill(ports: RowPorts, target: Target, through: readonly Span[]): Promise<void> {
  const wanted = (found: TargetRow | undefined) => {
    if (!found?.openBackfills) return undefined;
    const { openBackfills = [], ...content } = contentOf(found);
    const rest = without(openBackfills, through);
    return { ...content, ...(rest.length > 0 ? { openBackfills: rest } : {}) };
  };
  await rewrite(ports, target, { stored: await readTarget(ports, target), wanted });
}
