import { formatApiTime } from '../domain/api-time.ts';
import type { Instant } from '../domain/instant.ts';
import type { Target } from '../domain/target.ts';

/**
 * The body of an export call that asks for the permission alone. Huawei documents it as wrong twice over: the login
 * times go together, and an id has at most 64 characters (API definition WorkspaceApp/ExportUserConnection, 2026-02-06).
 * No record has this id, so where it is accepted after all the task exports nothing.
 */
export function permissionProbeBody({ apiTime }: Target, now: Instant): Record<string, string> {
  return { id: NO_RECORD, login_start_time: formatApiTime(now.subtract({ hours: 1 }), apiTime) };
}

const NO_RECORD = 'login-export-doctor-asks-whether-it-may-export-and-wants-no-record';
