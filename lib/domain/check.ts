import { type ExportError, InputError } from './errors.ts';

/** What the doctor checks, in the order in which the checks are reported. There is one `host` a call. */
export type CheckName =
  | 'settings'
  | 'state'
  | 'coverage'
  | 'confirmation'
  | 'schedule'
  | 'secret'
  | 'host'
  | 'clock'
  | 'credential'
  | 'export_permission'
  | 'list_permission';

/** `warning`: it works, and somebody should know. `skipped`: another check failed first, or there is nothing to check. */
export type CheckStatus = 'ok' | 'warning' | 'failed' | 'skipped';

/** What one check came to, in whole sentences for people, and how to fix it. Never a secret in either. */
export type Check = { check: CheckName; status: CheckStatus; message: string; fix?: string };

type Failed = Check & { fix: string };

export function ok(check: CheckName, message: string): Check {
  return { check, status: 'ok', message };
}

export function warning(check: CheckName, message: string, fix: string): Check {
  return { check, status: 'warning', message, fix };
}

export function failed(check: CheckName, message: string, fix: string): Failed {
  return { check, status: 'failed', message, fix };
}

export function skipped(check: CheckName, message: string): Check {
  return { check, status: 'skipped', message };
}

/** A check that failed with an error. `fix` is for an error that has none of its own. */
export function failedBy(check: CheckName, error: ExportError, fix: string): Failed {
  if (!(error instanceof InputError)) return failed(check, error.summary, error.fix ?? fix);
  // `(the file)` is no place inside of what the subject names.
  const wrong = error.issues
    .map(({ path, message }) => (path.startsWith('(') ? message : `${path} ${message}`))
    .join('; ');
  const fixes = [...new Set(error.issues.flatMap((issue) => issue.fix ?? []))].join('; ');
  return failed(check, `${error.subject} ${wrong}.`, capitalised(fixes) || fix);
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
