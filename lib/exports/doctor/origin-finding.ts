import { DamagedRowError } from '../../domain/errors.ts';
import { type Finding, failed, ok, skipped, warning } from '../../domain/finding.ts';
import { type Instant, isBefore, later } from '../../domain/instant.ts';
import { oldestExportable } from '../../domain/retention.ts';
import type { Target } from '../../domain/target.ts';
import type { StoredTarget } from './stored-target.ts';

/** Whether coverage begins where the settings say. An earlier `start_at` extends it with the next run; nothing shortens it. */
export function originFinding(
  target: Target,
  { record, error, isUnknown }: StoredTarget,
  now: Instant,
): Finding {
  if (isUnknown) return skipped('origin', 'The state cannot be read.');
  if (error instanceof DamagedRowError)
    return warning(
      'origin',
      error.message,
      'The next run makes it anew from its windows; run status after that.',
    );
  if (error) return failed('origin', error.message, 'Restore the ledger from a copy.');
  return record?.origin ? compared(target, record.origin, now) : foreseen(target, now);
}

function compared({ startAt }: Target, origin: Instant, now: Instant): Finding {
  const began = `Coverage began at ${origin}.`;
  if (!startAt || !isBefore(startAt, origin)) return ok('origin', began);
  const from = later(startAt, oldestExportable(now));
  if (isBefore(from, origin))
    return ok('origin', `${began} The next run extends it to ${from}, as start_at says.`);
  return ok('origin', `${began} start_at is ${startAt}, and Huawei no longer has what lies before.`);
}

function foreseen({ startAt }: Target, now: Instant): Finding {
  if (!startAt)
    return ok('origin', 'No run yet. Coverage begins with the newest window that the first one finds due.');
  const edge = oldestExportable(now);
  if (!isBefore(startAt, edge)) return ok('origin', `No run yet. Coverage begins at start_at, ${startAt}.`);
  return warning(
    'origin',
    `start_at is ${startAt}. Huawei keeps 30 days, so coverage begins at ${edge} if the first run is now.`,
    `Set start_at to ${edge} or later, or leave it: what lies before is not exported.`,
  );
}
