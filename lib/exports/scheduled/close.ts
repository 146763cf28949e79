import { isAfter } from '../../domain/instant.ts';
import type { Span } from '../../domain/span.ts';
import type { Target } from '../../domain/target.ts';
import type { TargetRecord } from '../../domain/target-record.ts';
import type { WindowResult } from '../report.ts';
import type { RunPorts } from '../run-ports.ts';
import { tellCoverage } from './coverage.ts';
import { listFrom, surveyFor } from './look.ts';
import type { Opening } from './opening.ts';
import { advance, type Learnt } from './target-row.ts';

type Closing = { target: Target; asked: Opening; record: TargetRecord };

/**
 * Ends the work on a target: moves its coverage on and tells how it stands. Resolves to what is to be told of losses:
 * what this run recorded (`lost`), and what an earlier one recorded and died before it moved coverage past it, because
 * then nobody can be sure that it was told.
 */
export async function closeTarget(
  ports: RunPorts,
  { target, asked, record }: Closing,
  { lost, learnt }: { lost: readonly Span[]; learnt: Learnt },
): Promise<WindowResult[]> {
  const entries = await listFrom(ports.ledger, target, { content: record, asked });
  const seen = surveyFor(target, { content: record, entries }, { own: asked.own, now: ports.clock() });
  const names = new Set(lost.map(nameOf));
  const untold = seen.lost
    .map(({ window }) => window)
    .filter((window) => isPast(record, window) && !names.has(nameOf(window)));
  for (const window of untold) ports.observe({ type: 'window_lost', targetId: target.id, window });
  const advanced = await advance(ports, record, seen, { ...learnt, isUnverified: !asked.isVerified });
  await tellCoverage(ports, target, { record: advanced, seen });
  return [...lost, ...untold].map((window) => ({ window, result: { outcome: 'lost' } }));
}

function isPast({ coveredUntil }: TargetRecord, { end }: Span): boolean {
  return coveredUntil !== undefined && isAfter(end, coveredUntil);
}

function nameOf({ start, end }: Span): string {
  return `${start}/${end}`;
}
