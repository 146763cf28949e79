import pMap from 'p-map';
import type { Failure, WindowEntry } from '../../domain/ledger/window-row.ts';
import { isAfter } from '../../domain/time/instant.ts';
import { UNCONFIRMED } from '../../domain/time/retention.ts';
import { type Span, without } from '../../domain/time/spans.ts';
import type { LedgerReader } from '../../ports.ts';

/** A failure, and the window that it befell. */
export type WindowFailure = Failure & { window: Span };

/** Whether one export has what another was to have, as far as its window goes. */
type Counts = (one: WindowEntry, other: WindowEntry) => boolean;

/**
 * The newest failure that is not made good: of a window that failed, or whose message could not be sent, and that no
 * other task covers. Nights cover whatever their filters.
 */
export async function lastFailure(
  ledger: LedgerReader,
  entries: readonly WindowEntry[],
  counts: Counts = () => true,
): Promise<WindowFailure | undefined> {
  const covered = entries.filter(({ state }) => ALREADY_HANDLED.includes(state));
  const coveredFor = (failing: WindowEntry) => covered.filter((one) => counts(one, failing)).map(windowOf);
  const relevant = entries.filter(
    (entry) => isFailing(entry) && without([entry.window], coveredFor(entry)).length > 0,
  );
  const rows = await pMap(relevant, (entry) => ledger.find(entry), { concurrency: READS_AT_ONCE });
  const failures = rows.flatMap((row) =>
    row && 'failure' in row && row.failure ? [{ ...row.failure, window: row.window }] : [],
  );
  return failures.reduce<WindowFailure | undefined>(newer, undefined);
}

const READS_AT_ONCE = 8;

const ALREADY_HANDLED: readonly WindowEntry['state'][] = ['published', 'confirmed', 'lost'];

function isFailing({ state, failureKind }: WindowEntry): boolean {
  return failureKind !== undefined && (state === 'failed' || state === 'submitted');
}

function windowOf({ window }: WindowEntry): Span {
  return window;
}

function newer(a: WindowFailure | undefined, b: WindowFailure): WindowFailure {
  return a && isAfter(a.at, b.at) ? a : b;
}

/**
 * What Huawei's task list said last of published windows whose exports nobody has known the end of for a day, as the runs
 * told it, oldest window first. None of windows that a list which is down, or may not be asked, tells nothing of.
 */
export async function unconfirmedReasons(
  ledger: Pick<LedgerReader, 'find'>,
  unconfirmed: readonly WindowEntry[],
): Promise<WindowFailure[]> {
  const told = unconfirmed.filter(({ failureKind }) => failureKind === UNCONFIRMED);
  const rows = await pMap(told.slice(0, MOST_READ), (entry) => ledger.find(entry), {
    concurrency: READS_AT_ONCE,
  });
  return rows.flatMap((row) =>
    row?.state === 'published' && row.failure ? [{ ...row.failure, window: row.window }] : [],
  );
}

// People read the first few.
const MOST_READ = 100;
