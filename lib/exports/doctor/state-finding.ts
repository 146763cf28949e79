import { asExportError } from '../../domain/errors.ts';
import { type Finding, ok, warning } from '../../domain/finding.ts';
import type { ExaminePorts } from './examine.ts';
import { inputFinding } from './input-finding.ts';

type StatePorts = Pick<ExaminePorts, 'openLedger' | 'exposed'>;

/** Whether a run could keep its ledger and its queue, and the ledger of the runs so far. */
export function stateFinding(ports: StatePorts): {
  finding: Finding;
  ledger?: ReturnType<ExaminePorts['openLedger']>;
} {
  try {
    // Before it is opened: an open file has journals, which go away again.
    const exposed = ports.exposed();
    const ledger = ports.openLedger();
    if (!ledger) return { finding: ok('state', 'None yet; the first run can make it.') };
    return { finding: exposure(exposed), ledger };
  } catch (thrown) {
    return { finding: inputFinding('state', asExportError(thrown), FIX) };
  }
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
