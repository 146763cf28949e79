import { type ExportError, InputError } from '../../domain/errors.ts';
import { type Check, type Finding, failed } from '../../domain/finding.ts';

/**
 * An error as a finding. A fault says what to do in `fix`, or after a semicolon; `mend` is for those that do not. One
 * fault with a `fix` speaks for all.
 */
export function inputFinding(check: Check, error: ExportError, mend: string): Finding {
  if (!(error instanceof InputError)) return failed(check, sentence(error.message), mend);
  const [subject = ''] = error.message.split('\n');
  const fixes = error.faults.flatMap(({ fix }) => fix ?? []);
  if (fixes.length > 0) {
    const wrong = error.faults.map(({ path, problem }) => placed(path, problem));
    return failed(check, sentence(`${subject} ${wrong.join('; ')}`), fixes.join('; '));
  }
  const faults = error.faults.map(({ path, problem }) => ({ path, parts: problem.split('; ') }));
  const wrong = faults.map(({ path, parts: [what = ''] }) => placed(path, what));
  const mends = faults.map(({ parts: [, ...how] }) => advice(how.join('; '))).filter(Boolean);
  return failed(
    check,
    sentence(`${subject} ${wrong.join('; ')}`),
    mends.length === faults.length ? capitalised(mends.join('; ')) : mend,
  );
}

function placed(path: string, problem: string): string {
  return path === WHOLE ? problem : `${path} ${problem}`;
}

const WHOLE = '(the file)';

// A list of what is known is no advice by itself.
function advice(text: string): string {
  return text.replace(/^known are/, 'name one that is known, or add it; known are');
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
