import { asExportError } from '../../domain/errors.ts';
import { type Finding, ok } from '../../domain/finding.ts';
import { inputFinding } from './input-finding.ts';

/** Whether a run could keep its ledger and its queue, and the ledger of the runs so far. */
export function stateFinding<Ledger>(open: () => Ledger | undefined): { finding: Finding; ledger?: Ledger } {
  try {
    const ledger = open();
    return ledger
      ? { finding: ok('state', 'It is there and can be written.'), ledger }
      : { finding: ok('state', 'None yet; the first run can make it.') };
  } catch (thrown) {
    return { finding: inputFinding('state', asExportError(thrown), MEND) };
  }
}

const MEND =
  'Let the user of the runs write there, or name another folder with --state. If the file is damaged, restore it: it is the record of what was exported.';
