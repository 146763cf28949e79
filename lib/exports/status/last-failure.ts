import pMap from 'p-map';
import { UNCONFIRMED } from '../../domain/exports/task-errors.ts';
import type { Failure, WindowEntry } from '../../domain/ledger/window-row.ts';
import { isAfter } from '../../domain/time/instant.ts';
import { type Span, windowsOf, without } from '../../domain/time/spans.ts';
import type { LedgerReader } from '../../ports.ts';

/** A failure, and its window. */
export type WindowFailure = Failure & { window: Span };

/** Whether an export `one` has the records that `other` was ordered for, apart from their windows. */
type Counts = (one: WindowEntry, other: WindowEntry) => boolean;

/**
 * The newest failure that is not recovered: of a window that failed, or whose message could not be published, and that no
 * other task covers. Scheduled windows cover each other whatever their filters.
 */
export async function lastFailure(
  ledger: LedgerReader,
  entries: readonly WindowEntry[],
  counts: Counts = () => true,
): Promise<WindowFailure | undefined> {
  const covered = entries.filter(({ state }) => ALREADY_HANDLED.includes(state));
  const coveredFor = (failing: WindowEntry) => windowsOf(covered.filter((one) => counts(one, failing)));
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

function newer(a: WindowFailure | undefined, b: WindowFailure): WindowFailure {
  return a && isAfter(a.at, b.at) ? a : b;
}

/**
 * What Huawei's task list said last of windows that have been unconfirmed for a day, as the runs reported it, oldest window
 * first. Windows of which no run could report anything are left out: the list was down, or refused.
 */
export async function unconfirmedReasons(
  ledger: Pick<LedgerReader, 'find'>,
  unconfirmed: readonly WindowEntry[],
): Promise<WindowFailure[]> {
  const reported = unconfirmed.filter(({ failureKind }) => failureKind === UNCONFIRMED);
  const rows = await pMap(reported.slice(0, MOST_READ), (entry) => ledger.find(entry), {
    concurrency: READS_AT_ONCE,
  });
  return rows.flatMap((row) =>
    row?.state === 'published' && row.failure ? [{ ...row.failure, window: row.window }] : [],
  );
}

// People read the first few.
const MOST_READ = 100;
