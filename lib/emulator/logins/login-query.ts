import * as z from 'zod';
import { invalidParameter, type Reply, serviceError } from '../server/reply.ts';
import { jsonBody, type Request } from '../server/request.ts';
import { type LoginRecord, RECORD_FIELDS, type RecordField } from './login-records.ts';
import { requestTime, timeIssue } from './request-time.ts';

/** The query of an export or of a list of records. A login that starts at `start` or at `end` is included. `body` is the request's. */
export type LoginQuery = Window & { filters: LoginRecord; body: Record<string, string> };
type Window = { start: number; end: number };

/** Longest value of each filter. Source: API definition WorkspaceApp/ExportUserConnection (2026-02-06). */
const LONGEST: Partial<Record<RecordField, number>> = {
  id: 64,
  connect_type: 32,
  user_name: 255,
  machine_sid: 128,
  machine_name: 255,
  failed_reason: 255,
  failed_code: 255,
  client_name: 255,
  client_version: 255,
  client_type: 255,
  agent_version: 50,
  vm_ip: 50,
  connect_flag: 50,
  wi_ip: 50,
  public_ip: 50,
  tenant_id: 255,
  virtual_ip: 50,
};

const DAY = 24 * 3_600_000;
const RETENTION = 30 * DAY;
/** How far the end may be in the future. Not documented; a few minutes allow for clocks that differ. */
const FUTURE_ALLOWED = 5 * 60_000;

const time = z.string().refine((text) => requestTime(text) !== undefined, {
  error: ({ input }) => timeIssue(String(input)),
});

const filterShape = Object.fromEntries(
  Object.entries(LONGEST).map(([field, longest]) => [field, z.string().max(longest).optional()]),
);

const requestBody = z.strictObject({
  ...filterShape,
  update_time: time.optional(),
  login_start_time: time.optional(),
  login_end_time: time.optional(),
});

/** Reads the query in the body of a request, or makes the error reply. An empty filter is no filter. */
export function readLoginQuery(request: Request): LoginQuery | Reply {
  if (request.body.length === 0)
    return serviceError({
      status: 400,
      code: 'WKS.0001',
      message: 'Request message is empty.',
      note: 'the body is empty',
    });
  const parsed = requestBody.safeParse(jsonBody(request));
  if (!parsed.success) return invalidParameter(parsed.error.issues.map(describe).join('; ').slice(0, 300));
  const body = definedOf(parsed.data);
  const window = windowOf(body, request.at);
  if (typeof window === 'string') return invalidParameter(window);
  return { ...window, filters: filtersOf(body), body };
}

function windowOf(body: Record<string, string>, at: number): Window | string {
  const { login_start_time: from, login_end_time: to } = body;
  if (from === undefined && to === undefined) return { start: at - RETENTION, end: at };
  if (from === undefined || to === undefined) return 'login_start_time and login_end_time: both or neither';
  const window = { start: requestTime(from) ?? 0, end: requestTime(to) ?? 0 };
  return windowIssue(window, at) ?? window;
}

function windowIssue({ start, end }: Window, at: number): string | undefined {
  if (start >= end) return 'login_start_time must be before login_end_time';
  if (start < at - RETENTION) return 'login_start_time is more than 30 days ago';
  if (end > at + FUTURE_ALLOWED) return 'login_end_time is in the future';
  return undefined;
}

function filtersOf(body: Record<string, string>): LoginRecord {
  return Object.fromEntries(
    RECORD_FIELDS.flatMap((field) => {
      const value = body[field];
      return value ? [[field, value]] : [];
    }),
  );
}

function definedOf(body: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(body).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

function describe(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return `unknown: ${issue.keys.join(', ')}`;
  return `${issue.path.join('.') || 'body'}: ${issue.message}`;
}
