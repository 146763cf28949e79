import pMap from 'p-map';
import type { Instant } from '../../domain/instant.ts';
import type { Span } from '../../domain/span.ts';
import { entryOf, filtersDigest, type WindowEntry, type WindowRecord } from '../../domain/window-record.ts';
import { cutIntoWindows } from '../../domain/windows.ts';
import type { WindowResult } from '../report.ts';
import type { RunPorts } from '../run-ports.ts';
import { standingOf } from '../window/standing.ts';
import * as transitions from '../window/transitions.ts';
import type { TargetDemand, WindowDemand } from '../window/window-demand.ts';

const WRITES_AT_ONCE = 8;

type Loss = { entries: readonly WindowEntry[]; beyond: readonly Span[] };

/**
 * Writes to the ledger, for good, which windows can no longer be exported. Resolves to those that this run wrote; what
 * it has no time for, the next one finds again.
 */
export async function recordLoss(
  ports: RunPorts,
  { target, trigger }: TargetDemand,
  { entries, beyond }: Loss,
  signal: AbortSignal,
): Promise<WindowResult[]> {
  const known = new Set(entries.map(nameOf));
  const digest = filtersDigest(target.filters);
  const write = async (window: Span): Promise<WindowResult[]> => {
    if (signal.aborted) return [];
    const key = { targetId: target.id, window, filtersDigest: digest, series: 'calendar' } as const;
    const found = known.has(nameOf(key)) ? await ports.ledger.find(key) : undefined;
    const demand = { target, window, reason: 'catch-up', trigger } as const;
    return (await writeOne(ports, demand, found)) ? [{ window, result: { outcome: 'lost' } }] : [];
  };
  const windows = cutIntoWindows(target.window, beyond);
  return (await pMap(windows, write, { concurrency: WRITES_AT_ONCE })).flat();
}

async function writeOne(
  { ledger, clock, observe }: RunPorts,
  demand: WindowDemand,
  found: WindowRecord | undefined,
): Promise<boolean> {
  const now = clock();
  if (found && !isOpen(found, now)) return false;
  const isWritten = await ledger.save(transitions.lost(found, demand, now));
  if (isWritten) observe({ type: 'window_lost', targetId: demand.target.id, window: demand.window });
  return isWritten;
}

function isOpen(record: WindowRecord, now: Instant): boolean {
  return ['submit', 'give up'].includes(standingOf(entryOf(record), now, 1).may);
}

function nameOf({ window, filtersDigest }: Pick<WindowEntry, 'window' | 'filtersDigest'>): string {
  return `${window.start}/${window.end}/${filtersDigest}`;
}
