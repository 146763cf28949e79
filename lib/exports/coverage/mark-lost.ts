import pMap from 'p-map';
import { entryOf, filtersDigest, type WindowEntry } from '../../domain/ledger/window-row.ts';
import { earlier, type Instant, later } from '../../domain/time/instant.ts';
import type { Span } from '../../domain/time/spans.ts';
import { type WindowRule, windowsOver } from '../../domain/time/windows.ts';
import type { RunPorts } from '../../run-ports.ts';
import type { TargetInput, WindowInput } from '../window/input.ts';
import { nextActionOf } from '../window/next-action.ts';
import * as transitions from '../window/transitions.ts';

const WRITES_AT_ONCE = 8;

// A target that was disabled for years must not write and report a row for each quarter of an hour.
const MOST_WINDOWS = 200;

type Loss = { entries: readonly WindowEntry[]; pastCutoff: readonly Span[] };

/**
 * Records in the ledger which windows can no longer be exported. Resolves to the windows that this run recorded; the rest
 * is found again by the next run. A span of very many windows is recorded as one.
 */
export async function markLost(
  ports: RunPorts,
  { target, trigger }: TargetInput,
  { entries, pastCutoff }: Loss,
  signal: AbortSignal,
): Promise<Span[]> {
  const known = new Set(entries.map(nameOf));
  const digest = filtersDigest(target.filters);
  const record = async (window: Span): Promise<Span[]> => {
    if (signal.aborted) return [];
    const key = { targetId: target.id, window, filtersDigest: digest, series: 'calendar' } as const;
    const found = known.has(nameOf(key)) ? await ports.ledger.find(key) : undefined;
    const input = { target, window, reason: 'catch-up', trigger } as const;
    return (await recordOne(ports, input, found)) ? [window] : [];
  };
  const windows = pastCutoff.flatMap((span) => lossesOf(target.window, span));
  return (await pMap(windows, record, { concurrency: WRITES_AT_ONCE })).flat();
}

async function recordOne(
  { ledger, clock, observe }: RunPorts,
  input: WindowInput,
  found: transitions.Found,
): Promise<boolean> {
  const now = clock();
  if (found && !mayBeMarkedLost(found, now)) return false;
  const isSaved = await ledger.save(transitions.lost(found, input, now));
  if (isSaved) observe({ type: 'window_lost', targetId: input.target.id, window: input.window });
  return isSaved;
}

function mayBeMarkedLost(found: NonNullable<transitions.Found>, now: Instant): boolean {
  return (
    found.state === 'unreadable' || ['submit', 'exhausted'].includes(nextActionOf(entryOf(found), now, 1).may)
  );
}

function lossesOf(rule: WindowRule, span: Span): Span[] {
  const windows: Span[] = [];
  for (const { start, end } of windowsOver(rule, span)) {
    if (windows.length === MOST_WINDOWS) return [span];
    windows.push({ start: later(start, span.start), end: earlier(end, span.end) });
  }
  return windows;
}

function nameOf({ window, filtersDigest }: Pick<WindowEntry, 'window' | 'filtersDigest'>): string {
  return `${window.start}/${window.end}/${filtersDigest}`;
}
