/** What the doctor looks at, in the order in which it is told. */
export type CheckName =
  | 'settings'
  | 'state'
  | 'coverage'
  | 'confirmation'
  | 'schedule'
  | 'secret'
  | HostCheckName
  | 'clock'
  | 'token'
  | 'project'
  | 'export_permission'
  | 'list_permission';

export type HostCheckName = 'iam_host' | 'export_host' | 'tasks_host';

/** `warning`: it works, and somebody should know. `skipped`: something else stands in the way, or it is not needed. */
export type CheckStatus = 'ok' | 'warning' | 'failed' | 'skipped';

/** What one check came to, in whole sentences for people, and how to fix it. Never a secret in either. */
export type Check = { check: CheckName; status: CheckStatus; message: string; fix?: string };

export function ok(check: CheckName, message: string): Check {
  return { check, status: 'ok', message };
}

export function warning(check: CheckName, message: string, fix: string): Check {
  return { check, status: 'warning', message, fix };
}

export function failed(check: CheckName, message: string, fix: string): Check {
  return { check, status: 'failed', message, fix };
}

export function skipped(check: CheckName, message: string): Check {
  return { check, status: 'skipped', message };
}
