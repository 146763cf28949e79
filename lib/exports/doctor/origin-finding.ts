import { asExportError } from '../../domain/errors.ts';
import { type Finding, failed, ok, warning } from '../../domain/finding.ts';
import { type Instant, isBefore, later } from '../../domain/instant.ts';
import { oldestExportable } from '../../domain/retention.ts';
import type { Target } from '../../domain/target.ts';
import type { Ledger } from '../../ports.ts';

type TargetRows = Pick<Ledger, 'findTarget'>;

/** Whether coverage begins where the settings say. The first run writes that down, and no setting changes it later. */
export async function originFinding(
  target: Target,
  ledger: TargetRows | undefined,
  now: Instant,
): Promise<Finding> {
  try {
    const origin = (await ledger?.findTarget(target.id))?.origin;
    return origin ? compared(target, origin, now) : foreseen(target, now);
  } catch (thrown) {
    return failed('origin', asExportError(thrown).message, 'Restore the ledger from a copy.');
  }
}

function compared({ id, startAt }: Target, origin: Instant, now: Instant): Finding {
  if (!startAt || startAt.equals(origin)) return ok('origin', `Coverage began at ${origin}.`);
  const said = `start_at is ${startAt}, but coverage began at ${origin}: it counts for the first run alone.`;
  if (isBefore(origin, startAt))
    return warning(
      'origin',
      said,
      `Set start_at to ${origin}, or leave it out. Nothing more is exported or left out by it.`,
    );
  const from = later(startAt, oldestExportable(now));
  if (!isBefore(from, origin))
    return warning('origin', said, `Leave start_at out: Huawei no longer has what lies before ${origin}.`);
  return warning(
    'origin',
    said,
    `To export the earlier time: login-export backfill --target ${id} --from ${from} --to ${origin}`,
  );
}

function foreseen({ startAt }: Target, now: Instant): Finding {
  if (!startAt)
    return ok('origin', 'No run yet. Coverage begins with the newest window that the first one finds due.');
  const edge = oldestExportable(now);
  if (!isBefore(startAt, edge)) return ok('origin', `No run yet. Coverage begins at start_at, ${startAt}.`);
  return warning(
    'origin',
    `start_at is ${startAt}. Huawei keeps 30 days, so the first run records as lost what lies before ${edge}, and fails.`,
    `Set start_at to ${edge} or later before the first run.`,
  );
}
