import pMap from 'p-map';
import { NEVER_CONFIRMED } from '../../domain/exports/task-errors.ts';
import type { WindowEntry } from '../../domain/ledger/window-row.ts';
import { earliest, type Instant, isBefore } from '../../domain/time/instant.ts';
import { oldestExportable } from '../../domain/time/retention.ts';
import { BETWEEN_NIGHTLY_RUNS } from '../../domain/time/schedule.ts';
import type { Span } from '../../domain/time/spans.ts';
import type { Ledger } from '../../ports.ts';

/** A window that is published, and neither confirmed nor reported as never confirmed. */
export type Unconfirmed = WindowEntry & { taskId: string };

export function isUnconfirmed(entry: WindowEntry): entry is Unconfirmed {
  return entry.state === 'published' && entry.taskId !== undefined && entry.failureKind !== NEVER_CONFIRMED;
}

/** Windows that were published more than a day ago and are still unconfirmed. */
export type LongUnconfirmed = {
  windows: number;
  /** When the first of them was published. */
  since: Instant;
  /** The one whose records Huawei deletes first. */
  oldest: Span;
};

/**
 * Finds published windows that a scheduled run should have confirmed by now. Windows past the retention cutoff are left
 * out: nothing can be done about them. Reads the rows of the oldest ones, at most `atMost`.
 */
export async function longUnconfirmed(
  ledger: Pick<Ledger, 'find'>,
  published: readonly WindowEntry[],
  { now, atMost }: { now: Instant; atMost?: number },
): Promise<LongUnconfirmed | undefined> {
  const overdue = now.subtract(OVERDUE_AFTER);
  const cutoff = oldestExportable(now);
  const old = published.filter(({ window }) => isBefore(cutoff, window.end) && isBefore(window.end, overdue));
  const rows = await pMap(old.slice(0, atMost), (entry) => ledger.find(entry), {
    concurrency: READS_AT_ONCE,
  });
  const waiting = rows.flatMap((row) =>
    row?.state === 'published' && isBefore(row.publishedAt, overdue) ? [row] : [],
  );
  const since = earliest(waiting.map(({ publishedAt }) => publishedAt));
  const oldest = waiting[0]?.window;
  return since && oldest && { windows: waiting.length, since, oldest };
}

/** After that a published window should be confirmed: the next nightly run asks Huawei's task list. */
export const OVERDUE_AFTER = BETWEEN_NIGHTLY_RUNS;

const READS_AT_ONCE = 8;
