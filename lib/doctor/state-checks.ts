import { type Check, failed, failedBy, ok, skipped, warning } from '../domain/check.ts';
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

type OpenLedger = () => LedgerReader | undefined;

export type StatePorts = {
  /** The ledger of earlier runs, or undefined before the first. Throws where it cannot be read. */
  openLedger: OpenLedger;
  /** Throws where a run could not write to the state, or it is damaged. */
  checkState: () => void;
  /** Paths of the state that other users of the machine may read, or could replace. */
  exposed: () => string[];
};

/** Whether a run could keep its ledger and its queue; with `openLedger` where the ledger of earlier runs can be read. */
export function stateCheck(ports: StatePorts): { check: Check; openLedger?: OpenLedger } {
  let openLedger: OpenLedger | undefined;
  try {
    // Before the ledger is opened: an open file has journals, which go away again.
    const exposed = ports.exposed();
    const ledger = ports.openLedger();
    openLedger = () => ledger;
    // A ledger that cannot be written can still be read, as status does.
    ports.checkState();
    const check = ledger ? exposureCheck(exposed) : ok('state', 'None yet; the first run can make it.');
    return { check, openLedger };
  } catch (thrown) {
    const check = failedBy('state', asExportError(thrown), FIX);
    return openLedger ? { check, openLedger } : { check };
  }
}

// The mode is its owner's choice, who may want others to watch the state: no run changes it.
function exposureCheck(paths: readonly string[]): Check {
  if (paths.length === 0) return ok('state', 'The state is there and can be written.');
  return warning(
    'state',
    `The state is there and can be written, and other users can read or replace it: ${paths.join(', ')}.`,
    `Unless you want that, run: chmod go= ${paths.join(' ')}`,
  );
}

const FIX =
  'Let the user of the runs read and write there, or name another folder with --state. If the file is damaged, restore it: it records what was exported.';

/** A target's row as earlier runs left it. `error`: the row cannot be read, or is gone and has left windows. */
export type StoredRow = {
  row?: TargetRow | undefined;
  error?: ExportError;
  /** The ledger as a whole cannot be read. */
  isUnknown?: boolean;
};

/** Reads a target's row. A ledger that is not there yet has none. */
export async function readRow(target: Target, openLedger: OpenLedger | undefined): Promise<StoredRow> {
  if (!openLedger) return { isUnknown: true };
  try {
    const ledger = openLedger();
    return ledger ? { row: await previewTarget(ledger, target) } : {};
  } catch (thrown) {
    return { error: asExportError(thrown) };
  }
}

/** Whether coverage begins where the settings say. An earlier `start_at` extends it with the next run; nothing shortens it. */
export function coverageCheck(target: Target, { row, error, isUnknown }: StoredRow, now: Instant): Check {
  if (isUnknown) return skipped('coverage', 'The state cannot be read.');
  if (error instanceof DamagedRowError)
    return warning(
      'coverage',
      error.message,
      'The next run rebuilds the row from its windows; run status after that.',
    );
  if (error) return failed('coverage', error.message, RESTORE);
  return row?.coveredFrom ? compared(target, row.coveredFrom, now) : previewInit(target, now);
}

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

/**
 * Whether exports have been published for more than a day and nobody knows how they ended, with what Huawei's list said
 * of the oldest at the last run. No check where there is nothing to say; a ledger that cannot be opened is another's.
 */
export async function confirmationCheck(
  target: Target,
  openLedger: OpenLedger | undefined,
  now: Instant,
): Promise<Check[]> {
  try {
    const ledger = openLedger?.();
    return ledger ? await overdueIn(ledger, target, now) : [];
  } catch (thrown) {
    return [failed('confirmation', asExportError(thrown).message, RESTORE)];
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
  return [warning('confirmation', why, oldest ? LOOK : ASK_LIST)];
}

const LOOK = "login-export status shows each of them. Look for the task in Huawei's console, or ask Huawei.";
const ASK_LIST =
  "Do a run or a sweep, which asks Huawei's list. If list_permission or a host failed here, fix that first.";
