import pMap from 'p-map';
import { isAfter } from '../../domain/instant.ts';
import { overlaps, type Span } from '../../domain/span.ts';
import { without } from '../../domain/spans.ts';
import type { Failure, WindowEntry } from '../../domain/window-record.ts';
import type { LedgerReader } from '../../ports.ts';

/** A failure, and the window that it befell. */
export type WindowFailure = Failure & { window: Span };

/**
 * The newest failure that is not made good: of a window that failed, or whose message could not be sent, and that no
 * other task covers.
 */
export async function lastFailure(
  ledger: LedgerReader,
  entries: readonly WindowEntry[],
): Promise<WindowFailure | undefined> {
  const failing = entries.filter(isFailing);
  const covered = entries.filter(({ state }) => TAKEN_CARE_OF.includes(state));
  const open = without(failing.map(windowOf), covered.map(windowOf));
  const relevant = failing.filter(({ window }) => open.some((span) => overlaps(span, window)));
  const records = await pMap(relevant, (entry) => ledger.find(entry), { concurrency: READS_AT_ONCE });
  const failures = records.flatMap((record) =>
    record && 'failure' in record && record.failure ? [{ ...record.failure, window: record.window }] : [],
  );
  return failures.reduce<WindowFailure | undefined>(newer, undefined);
}

const READS_AT_ONCE = 8;

const TAKEN_CARE_OF: readonly WindowEntry['state'][] = ['announced', 'confirmed', 'lost'];

function isFailing({ state, failureKind }: WindowEntry): boolean {
  return failureKind !== undefined && (state === 'failed' || state === 'submitted');
}

function windowOf({ window }: WindowEntry): Span {
  return window;
}

function newer(a: WindowFailure | undefined, b: WindowFailure): WindowFailure {
  return a && isAfter(a.at, b.at) ? a : b;
}
