/** What the doctor looks at, in the order in which it is told. */
export type Check =
  | 'settings'
  | 'state'
  | 'coverage'
  | 'confirmation'
  | 'schedule'
  | 'secret'
  | HostCheck
  | 'clock'
  | 'token'
  | 'project'
  | 'export_permission'
  | 'list_permission';

export type HostCheck = 'iam_host' | 'export_host' | 'tasks_host';

/** `warning`: it works, and somebody should know. `skipped`: something else stands in the way, or it is not needed. */
export type FindingStatus = 'ok' | 'warning' | 'failed' | 'skipped';

/** What one check came to, in whole sentences for people, and how to fix it. Never a secret in either. */
export type Finding = { check: Check; status: FindingStatus; message: string; fix?: string };

export function ok(check: Check, message: string): Finding {
  return { check, status: 'ok', message };
}

export function warning(check: Check, message: string, fix: string): Finding {
  return { check, status: 'warning', message, fix };
}

export function failed(check: Check, message: string, fix: string): Finding {
  return { check, status: 'failed', message, fix };
}

export function skipped(check: Check, message: string): Finding {
  return { check, status: 'skipped', message };
}
