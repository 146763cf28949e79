import { type Check, failed, ok, skipped, warning } from '../domain/check.ts';
import { asExportError, DamagedRowError, type ExportError } from '../domain/errors.ts';
import type { Target } from '../domain/input/target.ts';
import type { TargetRow } from '../domain/ledger/target-row.ts';
import { type Instant, isBefore, later } from '../domain/time/instant.ts';
import { oldestExportable, RETENTION } from '../domain/time/retention.ts';
import { longUnconfirmed } from '../exports/confirmation/long-unconfirmed.ts';
import { isPublished } from '../exports/confirmation/note-verdict.ts';
import { previewTarget } from '../exports/coverage/rewrite-target.ts';
import { unconfirmedReasons } from '../exports/status/last-failure.ts';
import type { LedgerReader } from '../ports.ts';
import type { DoctorPorts } from './run.ts';
import { inputCheck } from './settings-checks.ts';

type StatePorts = Pick<DoctorPorts, 'openLedger' | 'checkState' | 'exposed'>;

/** Whether a run could keep its ledger and its queue, and how the ledger of the runs so far is opened, if it can be. */
export function stateCheck(ports: StatePorts): {
  check: Check;
  openLedger?: DoctorPorts['openLedger'];
} {
  try {
    // Before it is opened: an open file has journals, which go away again.
    const exposed = ports.exposed();
    const ledger = ports.openLedger();
    return { check: written(ports, ledger ? exposure(exposed) : NONE), openLedger: () => ledger };
  } catch (thrown) {
    return { check: failure(thrown) };
  }
}

const NONE = ok('state', 'None yet; the first run can make it.');

// One that cannot be written can be read, as status reads it.
function written({ checkState }: StatePorts, sound: Check): Check {
  try {
    checkState();
    return sound;
  } catch (thrown) {
    return failure(thrown);
  }
}

function failure(thrown: unknown): Check {
  return inputCheck('state', asExportError(thrown), FIX);
}

// Its mode is its owner's choice, who may want others to watch it: no run changes it.
function exposure(paths: readonly string[]): Check {
  if (paths.length === 0) return ok('state', 'It is there and can be written.');
  return warning(
    'state',
    `It is there and can be written, and other users may read it or replace it: ${paths.join(', ')}.`,
    `Unless you want that, run: chmod go= ${paths.join(' ')}`,
  );
}

const FIX =
  'Let the user of the runs read and write there, or name another folder with --state. If the file is damaged, restore it: it is the row of what was exported.';

/** Whether coverage begins where the settings say. An earlier `start_at` extends it with the next run; nothing shortens it. */
export function coverageCheck(target: Target, { row, error, isUnknown }: StoredTarget, now: Instant): Check {
  if (isUnknown) return skipped('coverage', 'The state cannot be read.');
  if (error instanceof DamagedRowError)
    return warning(
      'coverage',
      error.message,
      'The next run makes it anew from its windows; run status after that.',
    );
  if (error) return failed('coverage', error.message, 'Restore the ledger from a copy.');
  return row?.coveredFrom ? compared(target, row.coveredFrom, now) : previewInit(target, now);
}

function compared({ startAt }: Target, coveredFrom: Instant, now: Instant): Check {
  const began = `Coverage began at ${coveredFrom}.`;
  if (!startAt || !isBefore(startAt, coveredFrom)) return ok('coverage', began);
  const from = later(startAt, oldestExportable(now));
  if (isBefore(from, coveredFrom))
    return ok('coverage', `${began} The next run extends it to ${from}, as start_at says.`);
  return ok('coverage', `${began} start_at is ${startAt}, and Huawei no longer has what lies before.`);
}

function previewInit({ startAt }: Target, now: Instant): Check {
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

/**
 * Whether exports have been published for more than a day without anybody knowing how they ended, and what Huawei's list
 * said of the oldest when a run asked it last. None where all is well, and where there is no ledger, or it cannot be opened:
 * that is another check's.
 */
export async function overdueCheck(
  target: Target,
  openLedger: (() => LedgerReader | undefined) | undefined,
  now: Instant,
): Promise<Check[]> {
  try {
    const ledger = openLedger?.();
    return ledger ? await overdueIn(ledger, target, now) : [];
  } catch (thrown) {
    return [failed('confirmation', asExportError(thrown).message, 'Restore the ledger from a copy.')];
  }
}

async function overdueIn(ledger: LedgerReader, { id }: Target, now: Instant): Promise<Check[]> {
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

/** A target's row as earlier runs left it. `error`: it cannot be read, or is gone and has left windows. */
export type StoredTarget = {
  row?: TargetRow | undefined;
  error?: ExportError;
  /** The ledger as a whole cannot be read. */
  isUnknown?: boolean;
};

type OpenLedger = () => LedgerReader | undefined;

/** Reads a target's row. Of a ledger that is not there yet, there is none. */
export async function storedTarget(
  target: Target,
  openLedger: OpenLedger | undefined,
): Promise<StoredTarget> {
  if (!openLedger) return { isUnknown: true };
  try {
    const ledger = openLedger();
    if (!ledger) return {};
    return { row: await previewTarget(ledger, target) };
  } catch (thrown) {
    return { error: asExportError(thrown) };
  }
}
