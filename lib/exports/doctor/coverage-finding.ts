import { DamagedRowError } from '../../domain/errors.ts';
import { type Finding, failed, ok, skipped, warning } from '../../domain/finding.ts';
import { type Instant, isBefore, later } from '../../domain/instant.ts';
import { oldestExportable } from '../../domain/retention.ts';
import type { Target } from '../../domain/target.ts';
import type { StoredTarget } from './stored-target.ts';

/** Whether coverage begins where the settings say. An earlier `start_at` extends it with the next run; nothing shortens it. */
export function coverageFinding(
  target: Target,
  { record, error, isUnknown }: StoredTarget,
  now: Instant,
): Finding {
  if (isUnknown) return skipped('coverage', 'The state cannot be read.');
  if (error instanceof DamagedRowError)
    return warning(
      'coverage',
      error.message,
      'The next run makes it anew from its windows; run status after that.',
    );
  if (error) return failed('coverage', error.message, 'Restore the ledger from a copy.');
  return record?.coveredFrom ? compared(target, record.coveredFrom, now) : foreseen(target, now);
}

function compared({ startAt }: Target, coveredFrom: Instant, now: Instant): Finding {
  const began = `Coverage began at ${coveredFrom}.`;
  if (!startAt || !isBefore(startAt, coveredFrom)) return ok('coverage', began);
  const from = later(startAt, oldestExportable(now));
  if (isBefore(from, coveredFrom))
    return ok('coverage', `${began} The next run extends it to ${from}, as start_at says.`);
  return ok('coverage', `${began} start_at is ${startAt}, and Huawei no longer has what lies before.`);
}

function foreseen({ startAt }: Target, now: Instant): Finding {
  if (!startAt)
    return ok('coverage', 'No run yet. Coverage begins with the newest window that the first one finds due.');
  const cutoff = oldestExportable(now);
  if (!isBefore(startAt, cutoff))
    return ok('coverage', `No run yet. Coverage begins at start_at, ${startAt}.`);
  return warning(
    'coverage',
    `start_at is ${startAt}. Huawei keeps 30 days, so coverage begins at ${cutoff} if the first run is now.`,
    `Set start_at to ${cutoff} or later, or leave it: what lies before is not exported.`,
  );
}
