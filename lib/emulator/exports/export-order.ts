import * as z from 'zod';
import { type LoginRecord, RECORD_FIELDS, type RecordField } from '../logins/login-records.ts';
import { invalidParameter, type Reply, serviceError } from '../server/reply.ts';
import { jsonBody, type Received } from '../server/request.ts';

/** What an export, or a list of records, was asked for. Both ends of the time belong to it. */
export type ExportOrder = Window & { filters: LoginRecord; body: Record<string, string> };
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
/** How far the end may lie in the future. Not documented; a few minutes forgive two clocks that differ. */
const FUTURE_ALLOWED = 5 * 60_000;

const time = z.string().refine((text) => requestTime(text) !== undefined, {
  error: ({ input }) => timeFault(String(input)),
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

/** Reads the body of such a call, or says what is wrong with it. An empty filter filters nothing. */
export function readExportOrder(received: Received): ExportOrder | Reply {
  if (received.body.length === 0)
    return serviceError({
      status: 400,
      code: 'WKS.0001',
      message: 'Request message is empty.',
      note: 'the body is empty',
    });
  const parsed = requestBody.safeParse(jsonBody(received));
  if (!parsed.success) return invalidParameter(parsed.error.issues.map(describe).join('; ').slice(0, 300));
  const body = definedOf(parsed.data);
  const window = windowOf(body, received.at);
  if (typeof window === 'string') return invalidParameter(window);
  return { ...window, filters: filtersOf(body), body };
}

function windowOf(body: Record<string, string>, at: number): Window | string {
  const { login_start_time: from, login_end_time: to } = body;
  if (from === undefined && to === undefined) return { start: at - RETENTION, end: at };
  if (from === undefined || to === undefined) return 'login_start_time and login_end_time: both or neither';
  const window = { start: requestTime(from) ?? 0, end: requestTime(to) ?? 0 };
  return windowFault(window, at) ?? window;
}

function windowFault({ start, end }: Window, at: number): string | undefined {
  if (start >= end) return 'login_start_time must be before login_end_time';
  if (start < at - RETENTION) return 'login_start_time is more than 30 days ago';
  if (end > at + FUTURE_ALLOWED) return 'login_end_time lies in the future';
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

const RFC_3339 =
  /^(?<date>\d{4}-\d\d-\d\d)T(?<time>[01]\d:[0-5]\d:[0-5]\d|2[0-3]:[0-5]\d:[0-5]\d)(?:\.(?<fraction>\d{1,9}))?(?<zone>Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/i;

const BLANK = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/;

const WITHOUT_ZONE = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?$/i;

/**
 * Reads a time of a request, in milliseconds since the epoch (with a fraction, exact to the microsecond); undefined when
 * it is not one. Taken are RFC 3339, as the API definition has it (`format: date-time`): any offset and up to nine
 * digits of a second; and `2022-10-31 08:07:39` of Huawei's pages, which is read as UTC (they name no zone).
 */
export function requestTime(text: string): number | undefined {
  const whole = Date.parse(text);
  // Most records are written like this, and a search reads many.
  if (text.length === 24 && !Number.isNaN(whole) && new Date(whole).toISOString() === text) return whole;
  const parts = RFC_3339.exec(BLANK.test(text) ? `${text.replace(' ', 'T')}Z` : text)?.groups ?? {};
  const { date = '', time = '', fraction = '', zone = '' } = parts;
  const local = Date.parse(`${date}T${time}Z`);
  // The 31st of a short month would be read as the 1st of the next.
  if (!Number.isFinite(local) || !new Date(local).toISOString().startsWith(date)) return undefined;
  return local - offsetOf(zone) + Number(fraction.padEnd(9, '0')) / 1_000_000;
}

/** What is wrong with a text that `requestTime` does not take. */
export function timeFault(text: string): string {
  return WITHOUT_ZONE.test(text)
    ? 'has no zone; end it with Z or an offset such as +08:00'
    : 'not a time of RFC 3339 such as 2026-11-20T08:00:00Z';
}

function offsetOf(zone: string): number {
  const [, sign, hours, minutes] = /^([+-])(\d\d):(\d\d)$/.exec(zone) ?? [];
  const milliseconds = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000;
  return sign === '-' ? -milliseconds : milliseconds;
}
