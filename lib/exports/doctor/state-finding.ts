import { asExportError } from '../../domain/errors.ts';
import { type Finding, ok, warning } from '../../domain/finding.ts';
import type { ExaminePorts } from './examine.ts';
import { inputFinding } from './input-finding.ts';

type StatePorts = Pick<ExaminePorts, 'openLedger' | 'checkState' | 'exposed'>;

/** Whether a run could keep its ledger and its queue, and how the ledger of the runs so far is opened, if it can be. */
export function stateFinding(ports: StatePorts): {
  finding: Finding;
  openLedger?: ExaminePorts['openLedger'];
} {
  try {
    // Before it is opened: an open file has journals, which go away again.
    const exposed = ports.exposed();
    const ledger = ports.openLedger();
    return { finding: written(ports, ledger ? exposure(exposed) : NONE), openLedger: () => ledger };
  } catch (thrown) {
    return { finding: failure(thrown) };
  }
}

const NONE = ok('state', 'None yet; the first run can make it.');

// One that cannot be written can be read, as status reads it.
function written({ checkState }: StatePorts, sound: Finding): Finding {
  try {
    checkState();
    return sound;
  } catch (thrown) {
    return failure(thrown);
  }
}

function failure(thrown: unknown): Finding {
  return inputFinding('state', asExportError(thrown), FIX);
}

// Its mode is its owner's choice, who may want others to watch it: no run changes it.
function exposure(paths: readonly string[]): Finding {
  if (paths.length === 0) return ok('state', 'It is there and can be written.');
  return warning(
    'state',
    `It is there and can be written, and other users may read it or replace it: ${paths.join(', ')}.`,
    `Unless you want that, run: chmod go= ${paths.join(' ')}`,
  );
}

const FIX =
  'Let the user of the runs read and write there, or name another folder with --state. If the file is damaged, restore it: it is the record of what was exported.';
