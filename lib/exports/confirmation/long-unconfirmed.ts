import pMap from 'p-map';
import type { WindowEntry } from '../../domain/ledger/window-row.ts';
import { earliest, type Instant, isBefore } from '../../domain/time/instant.ts';
import { oldestExportable } from '../../domain/time/retention.ts';
import type { Span } from '../../domain/time/spans.ts';
import type { Ledger } from '../../ports.ts';

/** Windows that were published long ago without anybody knowing how their tasks ended. */
export type LongUnconfirmed = {
  windows: number;
  /** When the first of them was published. */
  since: Instant;
  /** The one whose records Huawei deletes first. */
  oldest: Span;
};

/**
 * Finds published windows that a nightly run should have confirmed by now. Those past the retention cutoff are left out:
 * to know of them would help nobody. Reads each of the oldest ones' records, as many as `atMost`.
 */
export async function longUnconfirmed(
  ledger: Pick<Ledger, 'find'>,
  published: readonly WindowEntry[],
  { now, atMost }: { now: Instant; atMost?: number },
): Promise<LongUnconfirmed | undefined> {
  const patient = now.subtract(PATIENCE);
  const cutoff = oldestExportable(now);
  const old = published.filter(({ window }) => isBefore(cutoff, window.end) && isBefore(window.end, patient));
  const rows = await pMap(old.slice(0, atMost), (entry) => ledger.find(entry), {
    concurrency: READS_AT_ONCE,
  });
  const waiting = rows.flatMap((row) =>
    row?.state === 'published' && isBefore(row.publishedAt, patient) ? [row] : [],
  );
  const since = earliest(waiting.map(({ publishedAt }) => publishedAt));
  const oldest = waiting[0]?.window;
  return since && oldest && { windows: waiting.length, since, oldest };
}

/** A day from one nightly run to the next, and some time for the run itself. */
export const PATIENCE = { hours: 26 };

const READS_AT_ONCE = 8;
