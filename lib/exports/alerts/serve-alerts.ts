import type { Target } from '../../domain/target.ts';
import { confirmTasks } from '../confirmation/confirm.ts';
import type { WindowResult } from '../report.ts';
import type { RunPorts } from '../run-ports.ts';
import { type Job, tellOutcome, workThrough } from '../scheduled/work-through.ts';
import { announceKept } from '../window/announce.ts';
import { submitWindow } from '../window/submit.ts';
import { heldUntil } from '../window/window-outcome.ts';
import { windowDemand } from './alert-demand.ts';
import { type Kept, keepBook, lookAtBook } from './keep-book.ts';
import type { Revision } from './revise.ts';

/**
 * What a run and the sweep do for a target's alerts: they ask what became of the exports, order again what failed, and
 * order what is due by now. Throws where the ledger fails.
 */
export async function serveAlerts(
  ports: RunPorts,
  target: Target,
  signal: AbortSignal,
): Promise<readonly WindowResult[]> {
  const verdicts = await confirmAlerts(ports, target, signal);
  const kept = await keepBook(ports, target, []);
  return kept ? [...verdicts, ...(await workOnBook(ports, { target, kept }, signal))] : verdicts;
}

/** Exports what is due by a book that is kept. Never throws: what fails is in the results. */
export async function workOnBook(
  ports: RunPorts,
  { target, kept }: { target: Target; kept: Kept },
  signal: AbortSignal,
): Promise<readonly WindowResult[]> {
  const { folded } = kept.revision;
  if (folded > 0) ports.observe({ type: 'alerts_folded', targetId: target.id, exports: folded });
  const left = leftOf(kept.revision);
  for (const one of left) tellOutcome(ports.observe, target.id, one);
  const done = await workThrough(ports, target.id, jobsOf(ports, { target, kept }, signal), { signal });
  return [...lossesOf(kept.revision), ...left, ...done];
}

async function confirmAlerts(
  ports: RunPorts,
  target: Target,
  signal: AbortSignal,
): Promise<readonly WindowResult[]> {
  const found = await lookAtBook(ports, target, []);
  const own = found?.entries.filter(({ series }) => series !== 'calendar') ?? [];
  return (await confirmTasks(ports, { target, entries: own }, signal)).verdicts;
}

function jobsOf(
  ports: RunPorts,
  { target, kept }: { target: Target; kept: Kept },
  signal: AbortSignal,
): Job[] {
  const { announce, submit } = kept.revision;
  return [
    ...announce.map((entry) => ({
      window: entry.window,
      isLocal: true,
      work: () => announceKept(ports, entry),
    })),
    ...submit.map((order) => ({
      window: order.window,
      work: () => submitWindow(ports, windowDemand(target, order), signal),
    })),
  ];
}

function lossesOf({ losses }: Revision): WindowResult[] {
  return losses.map(({ window }) => ({ window, result: { outcome: 'lost' } }));
}

function leftOf({ waiting, letGo }: Revision): WindowResult[] {
  const why =
    'its task is announced, and too many others wait to be confirmed for it to be followed any longer';
  return [
    ...waiting.map(({ order, until }) => ({ window: order.window, result: heldUntil(until) })),
    ...letGo.map(({ window }) => ({ window, result: { outcome: 'left', why } as const })),
  ];
}
