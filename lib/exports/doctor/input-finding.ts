import { type ExportError, InputError } from '../../domain/errors.ts';
import { type Check, type Finding, failed } from '../../domain/finding.ts';

/**
 * An error as a finding. An issue says what to do in `fix`, or after a semicolon; `fix` is for those that do not. One
 * issue with a `fix` speaks for all.
 */
export function inputFinding(check: Check, error: ExportError, fix: string): Finding {
  if (!(error instanceof InputError)) return failed(check, sentence(error.message), fix);
  const [subject = ''] = error.message.split('\n');
  const known = error.issues.flatMap((issue) => issue.fix ?? []);
  if (known.length > 0) {
    const wrong = error.issues.map(({ path, message }) => placed(path, message));
    return failed(check, sentence(`${subject} ${wrong.join('; ')}`), known.join('; '));
  }
  const issues = error.issues.map(({ path, message }) => ({ path, parts: message.split('; ') }));
  const wrong = issues.map(({ path, parts: [what = ''] }) => placed(path, what));
  const fixes = issues.map(({ parts: [, ...how] }) => advice(how.join('; '))).filter(Boolean);
  return failed(
    check,
    sentence(`${subject} ${wrong.join('; ')}`),
    fixes.length === issues.length ? capitalised(fixes.join('; ')) : fix,
  );
}

function placed(path: string, message: string): string {
  return path === WHOLE ? message : `${path} ${message}`;
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
