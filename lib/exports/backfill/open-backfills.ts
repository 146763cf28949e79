import { type Instant, isAfter } from '../../domain/instant.ts';
import type { Span } from '../../domain/span.ts';
import { union, without } from '../../domain/spans.ts';
import type { Target } from '../../domain/target.ts';
import { contentOf, type TargetRecord } from '../../domain/target-record.ts';
import { boundProject } from '../scheduled/bound-project.ts';
import { type RowPorts, readTarget, rewrite } from '../scheduled/rewrite-target.ts';

/**
 * Notes a backfill before its first window is ordered: the ledger's windows from `start` on are looked after from then on,
 * although coverage begins later or is past them, and what is missing of `range` is known to be missing.
 */
export async function beginBackfill(
  ports: RowPorts,
  target: Target,
  { range, start }: { range: Span; start: Instant },
): Promise<void> {
  const wanted = (found: TargetRecord | undefined) => {
    const content = found ? contentOf(found) : boundProject(target);
    const openBackfills = union([...(found?.openBackfills ?? []), range]);
    const seen = [found?.coveredUntil, found?.watchedFrom].filter((at) => at !== undefined);
    const isWatched = seen.some((at) => !isAfter(at, start));
    return { ...content, openBackfills, ...(isWatched ? {} : { watchedFrom: start }) };
  };
  await rewrite(ports, target, { stored: await readTarget(ports.ledger, target), wanted });
}

/** Notes that nothing is missing of a range any more, if `isThrough`. */
export async function endBackfill(
  ports: RowPorts,
  target: Target,
  range: Span,
  isThrough: boolean,
): Promise<void> {
  if (!isThrough) return;
  const wanted = (found: TargetRecord | undefined) => {
    if (!found?.openBackfills) return undefined;
    const { openBackfills = [], ...content } = contentOf(found);
    const rest = without(openBackfills, [range]);
    return { ...content, ...(rest.length > 0 ? { openBackfills: rest } : {}) };
  };
  await rewrite(ports, target, { stored: await readTarget(ports.ledger, target), wanted });
}
