import { type Check, failedBy, ok, skipped, warning } from '../domain/check.ts';
import { asExportError, DamagedRowError } from '../domain/errors.ts';
import type { Target } from '../domain/input/target.ts';
import type { TargetRow } from '../domain/ledger/target-row.ts';
import { type Instant, isBefore, later } from '../domain/time/instant.ts';
import { oldestExportable, RETENTION } from '../domain/time/retention.ts';
import { isUnconfirmed, longUnconfirmed } from '../exports/confirmation/unconfirmed.ts';
import { previewTarget } from '../exports/coverage/target-row-store.ts';
import { unconfirmedReasons } from '../exports/status/last-failure.ts';
import type { LedgerReader } from '../ports.ts';
import type { OpenedLedger } from './state-check.ts';

/** A target's row as earlier runs left it, or the check of coverage that says why it cannot be read. */
export type StoredRow = { row?: TargetRow | undefined; unreadable?: Check };

/** Reads a target's row. A ledger that is not there yet has none. */
export async function readRow(target: Target, ledger: OpenedLedger): Promise<StoredRow> {
  if (ledger === 'unreadable') return { unreadable: skipped('coverage', 'The state cannot be read.') };
  try {
    return ledger ? { row: await previewTarget(ledger, target) } : {};
  } catch (thrown) {
    const error = asExportError(thrown);
    const isDamaged = error instanceof DamagedRowError;
    return {
      unreadable: isDamaged
        ? warning('coverage', error.message, REBUILT)
        : failedBy('coverage', error, RESTORE),
    };
  }
}

/** Whether coverage begins where the settings say. An earlier `start_at` extends it with the next run; nothing shortens it. */
export function coverageCheck(target: Target, { row, unreadable }: StoredRow, now: Instant): Check {
  if (unreadable) return unreadable;
  return row?.coveredFrom ? compared(target, row.coveredFrom, now) : previewInit(target, now);
}

/**
 * Whether exports have been published for more than a day and nobody knows how they ended, with what Huawei's list said
 * of the oldest at the last run. No check where there is nothing to say.
 */
export async function confirmationCheck(
  target: Target,
  ledger: OpenedLedger,
  now: Instant,
): Promise<Check[]> {
  if (!ledger || ledger === 'unreadable') return [];
  try {
    return await overdueIn(ledger, target, now);
  } catch (thrown) {
    return [failedBy('confirmation', asExportError(thrown), RESTORE)];
  }
}

const REBUILT = 'The next run rebuilds the row from its windows; run status after that.';
const RESTORE = 'Restore the ledger from a copy.';

function compared({ startAt }: Target, coveredFrom: Instant, now: Instant): Check {
  const began = `Coverage began at ${coveredFrom}.`;
  if (!startAt || !isBefore(startAt, coveredFrom)) return ok('coverage', began);
  const from = later(startAt, oldestExportable(now));
  const next = isBefore(from, coveredFrom)
    ? `The next run extends it to ${from}, as start_at says.`
    : `start_at is ${startAt}, and Huawei no longer has records from before.`;
  return ok('coverage', `${began} ${next}`);
}

function previewInit({ startAt }: Target, now: Instant): Check {
  const cutoff = oldestExportable(now);
  if (startAt && isBefore(startAt, cutoff))
    return warning(
      'coverage',
      `start_at is ${startAt}. Huawei keeps 30 days, so coverage begins at ${cutoff} if the first run is now.`,
      `Set start_at to ${cutoff} or later, or leave it: records from before that are not exported.`,
    );
  const start = startAt ? `at start_at, ${startAt}` : 'with the newest window that the first run finds due';
  return ok('coverage', `No run yet. Coverage begins ${start}.`);
}

async function overdueIn(ledger: LedgerReader, { id }: Target, now: Instant): Promise<Check[]> {
  const published = (await ledger.list(id, now.subtract(RETENTION))).filter(isUnconfirmed);
  const overdue = await longUnconfirmed(ledger, published, { now });
  if (!overdue) return [];
  const [oldest] = await unconfirmedReasons(ledger, published);
  const since = overdue.since.round({ smallestUnit: 'second', roundingMode: 'floor' });
  const how = `${overdue.windows} published ${overdue.windows === 1 ? 'window has' : 'windows have'} not been confirmed for more than a day, the first since ${since}.`;
  const why = oldest ? `${how} ${oldest.message}` : how;
  return [warning('confirmation', why, oldest ? LOOK : ASK_LIST)];
}

const LOOK = "login-export status shows each of them. Look for the task in Huawei's console, or ask Huawei.";
const ASK_LIST =
  "Do a run or a sweep, which asks Huawei's list. If list_permission or a host failed here, fix that first.";
