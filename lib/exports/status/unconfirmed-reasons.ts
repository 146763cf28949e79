import pMap from 'p-map';
import { UNCONFIRMED } from '../../domain/unconfirmed.ts';
import type { WindowEntry } from '../../domain/window-record.ts';
import type { LedgerReader } from '../../ports.ts';
import type { WindowFailure } from './last-failure.ts';

/**
 * What Huawei's task list said last of published windows whose exports nobody has known the end of for a day, as the runs
 * told it, oldest window first. None of windows that a list which is down, or may not be asked, tells nothing of.
 */
export async function unconfirmedReasons(
  ledger: Pick<LedgerReader, 'find'>,
  unconfirmed: readonly WindowEntry[],
): Promise<WindowFailure[]> {
  const told = unconfirmed.filter(({ failureKind }) => failureKind === UNCONFIRMED);
  const records = await pMap(told.slice(0, MOST_READ), (entry) => ledger.find(entry), {
    concurrency: READS_AT_ONCE,
  });
  return records.flatMap((record) =>
    record?.state === 'published' && record.failure ? [{ ...record.failure, window: record.window }] : [],
  );
}

// People read the first few.
const MOST_READ = 100;
const READS_AT_ONCE = 8;
