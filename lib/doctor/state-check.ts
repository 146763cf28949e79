import { type Check, failedBy, ok, warning } from '../domain/check.ts';
import { asExportError } from '../domain/errors.ts';
import type { LedgerReader } from '../ports.ts';

export type StatePorts = {
  /** The ledger of earlier runs, or undefined before the first. Throws where it cannot be read. */
  openLedger: () => LedgerReader | undefined;
  /** Throws where a run could not write to the state, or it is damaged. */
  checkState: () => void;
  /** Paths of the state that other users of the machine may read, or could replace. */
  exposed: () => string[];
};

/** The ledger of earlier runs, undefined before the first; `unreadable` where it cannot be opened. */
export type OpenedLedger = LedgerReader | undefined | 'unreadable';

/** Whether a run could keep its ledger and its queue. */
export function stateCheck(ports: StatePorts): { check: Check; ledger: OpenedLedger } {
  let ledger: OpenedLedger = 'unreadable';
  try {
    // Before the ledger is opened: an open file has journals, which go away again.
    const exposed = ports.exposed();
    ledger = ports.openLedger();
    // A ledger that cannot be written can still be read, as status does.
    ports.checkState();
    const check = ledger ? exposureCheck(exposed) : ok('state', 'None yet; the first run can make it.');
    return { check, ledger };
  } catch (thrown) {
    return { check: failedBy('state', asExportError(thrown), FIX), ledger };
  }
}

const FIX =
  'Let the user of the runs read and write there, or name another folder with --state. If the file is damaged, restore it: it records what was exported.';

// The mode is its owner's choice, who may want others to watch the state: no run changes it.
function exposureCheck(paths: readonly string[]): Check {
  if (paths.length === 0) return ok('state', 'The state is there and can be written.');
  return warning(
    'state',
    `The state is there and can be written, and other users can read or replace it: ${paths.join(', ')}.`,
    `Unless you want that, run: chmod go= ${paths.join(' ')}`,
  );
}
