import type { Target } from '../../domain/input/target.ts';
import { contentOf, type TargetRow } from '../../domain/ledger/target-row.ts';
import { isAfter } from '../../domain/time/instant.ts';
import { type Span, union, without } from '../../domain/time/spans.ts';
import { boundProject } from '../coverage/bound-project.ts';
import { type RowPorts, readTarget, rewrite } from '../coverage/target-row-store.ts';

/**
 * Records a backfill before its first window is ordered: the missing spans of its range, in order. From then on runs see the
 * ledger's windows from there on, even before coverage begins or ends, and what passes the cutoff without an export is a
 * loss.
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
    const seenFrom = [found?.coveredUntil, found?.lookbackFrom].filter((at) => at !== undefined);
    const isSeen = start === undefined || seenFrom.some((at) => !isAfter(at, start));
    return { ...content, openBackfills, ...(isSeen ? {} : { lookbackFrom: start }) };
  };
  await rewrite(ports, target, { stored: await readTarget(ports, target), wanted });
}

/** Records that these spans are done. Lost spans stay open until a run has recorded the loss. */
export async function endBackfill(ports: RowPorts, target: Target, done: readonly Span[]): Promise<void> {
  const wanted = (found: TargetRow | undefined) => {
    if (!found?.openBackfills) return undefined;
    const { openBackfills = [], ...content } = contentOf(found);
    const rest = without(openBackfills, done);
    return { ...content, ...(rest.length > 0 ? { openBackfills: rest } : {}) };
  };
  await rewrite(ports, target, { stored: await readTarget(ports, target), wanted });
}
