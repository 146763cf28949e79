import { asExportError } from '../../domain/errors.ts';
import { type Finding, failed, warning } from '../../domain/finding.ts';
import type { Instant } from '../../domain/instant.ts';
import { RETENTION } from '../../domain/retention.ts';
import type { Target } from '../../domain/target.ts';
import type { LedgerReader } from '../../ports.ts';
import { longUnconfirmed } from '../confirmation/long-unconfirmed.ts';
import { isPublished } from '../confirmation/note-verdict.ts';
import { unconfirmedReasons } from '../status/unconfirmed-reasons.ts';

/**
 * Whether exports have been published for more than a day without anybody knowing how they ended, and what Huawei's list
 * said of the oldest when a run asked it last. None where all is well, and where there is no ledger, or it cannot be opened:
 * that is another check's.
 */
export async function overdueFinding(
  target: Target,
  openLedger: (() => LedgerReader | undefined) | undefined,
  now: Instant,
): Promise<Finding[]> {
  try {
    const ledger = openLedger?.();
    return ledger ? await overdueIn(ledger, target, now) : [];
  } catch (thrown) {
    return [failed('confirmation', asExportError(thrown).message, 'Restore the ledger from a copy.')];
  }
}

async function overdueIn(ledger: LedgerReader, { id }: Target, now: Instant): Promise<Finding[]> {
  const published = (await ledger.list(id, now.subtract(RETENTION))).filter(isPublished);
  const overdue = await longUnconfirmed(ledger, published, { now });
  if (!overdue) return [];
  const [oldest] = await unconfirmedReasons(ledger, published);
  const since = overdue.since.round({ smallestUnit: 'second', roundingMode: 'floor' });
  const how = `${overdue.windows} published ${overdue.windows === 1 ? 'window has' : 'windows have'} not been confirmed for more than a day, the first since ${since}.`;
  const why = oldest ? `${how} ${oldest.message}` : how;
  return [warning('confirmation', why, oldest ? LOOK : RUN)];
}

const LOOK = "login-export status shows each of them. Look for the task in Huawei's console, or ask Huawei.";
const RUN =
  "Do a run or a sweep, which asks Huawei's list. Where list_permission or tasks_host is not well, fix that first.";
