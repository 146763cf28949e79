import * as z from 'zod/mini';
import { type ExportError, InputError, MalformedReplyError, RefusedError } from '../../domain/errors.ts';
import { formatApiTime, sentTimes } from '../../domain/input/api-time.ts';
import type { Credential } from '../../domain/input/credential.ts';
import { FILTER_LENGTHS } from '../../domain/input/filters.ts';
import { issuesOf } from '../../domain/input/schema.ts';
import type { Target } from '../../domain/input/target.ts';
import { type Instant, isBefore } from '../../domain/time/instant.ts';
import { RETENTION } from '../../domain/time/retention.ts';
import type { ExportRequest } from '../../ports.ts';
import { readErrorReply, vendorText } from '../http/errors.ts';
import type { HttpReply, HttpRequest } from '../http/http.ts';
import type { Redact } from '../http/redact.ts';
import { parseJson } from '../http/reply-body.ts';
import { askHuawei, refusal } from '../refusals/refusal.ts';
import { taskId } from './task-id.ts';

/** The export request, not yet authorised: `POST /v1/{project_id}/session/user-connection/export`. */
export function exportRequest(origin: string, projectId: string, body: Record<string, string>): HttpRequest {
  return {
    method: 'POST',
    url: new URL(`/v1/${encodeURIComponent(projectId)}/session/user-connection/export`, origin),
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
}

/** The body for a request of a target, checked. An empty filter set is an object with the two times alone. */
export function exportBodyFor(target: Target, request: ExportRequest, now: Instant) {
  checkRetention(request.span.start, now);
  const { loginStartTime, loginEndTime } = sentTimes(request.span, target.apiTime);
  const times = { login_start_time: loginStartTime, login_end_time: loginEndTime };
  checkExportBody({ ...request.filters, ...times });
  return { ...request.filters, ...times };
}

/** Checks a body as Huawei documents it, before anything is sent. Throws one `InputError` with every issue. */
export function checkExportBody(body: unknown): ExportBody {
  const result = exportBody.safeParse(body);
  if (result.success) return result.data;
  throw new InputError('The export request is not one that Huawei accepts:', issuesOf(result.error));
}

export type ExportBody = z.output<typeof exportBody>;

/**
 * The body of an export call that asks for the permission alone. Huawei documents it as wrong twice over: the login
 * times go together, and an id has at most 64 characters (API definition WorkspaceApp/ExportUserConnection, 2026-02-06).
 * No record has this id, so a task exports nothing where Huawei accepts the call after all.
 */
export function permissionProbeBody({ apiTime }: Target, now: Instant): Record<string, string> {
  return { id: NO_RECORD, login_start_time: formatApiTime(now.subtract({ hours: 1 }), apiTime) };
}

/**
 * The `task_id` of a reply. Success is any 2xx with a task_id and no error_code: 200 is documented, 202 is what an order
 * is accepted with elsewhere, and a task that is not recognised would be ordered again. Everything else is thrown as an
 * error that says what to do.
 */
export function readTaskId(reply: HttpReply, context: Context): string {
  const body = accepted.safeParse(parseJson(reply.body));
  if (isSuccess(reply.status) && body.success) return body.data.task_id;
  throw notAccepted(reply, context);
}

type Context = {
  target: Target;
  origin: string;
  redact: Redact;
  /** The kind of credential that was sent, where it is known. */
  credentialKind?: Credential['kind'];
  /** Calls that differ in nothing but their times were accepted before. */
  isShapeAccepted?: boolean;
};

// Huawei exports no older records (same source): a request for more would be answered with less, or refused.
function checkRetention(start: Instant, now: Instant): void {
  const cutoff = now.subtract(RETENTION);
  if (!isBefore(start, cutoff)) return;
  const kept = `Huawei keeps login records 30 days, which is since ${cutoff.round('second')}`;
  throw new RefusedError(`An export from ${start} on was not asked for: ${kept}.`);
}

const time = z.string().check(z.regex(/^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ| \d\d:\d\d:\d\d)$/));

const filterFields = Object.fromEntries(
  Object.entries(FILTER_LENGTHS).map(([name, longest]) => [
    name,
    z.optional(z.string().check(z.maxLength(longest))),
  ]),
);

/**
 * The body of the export call: twenty optional strings (API definition WorkspaceApp/ExportUserConnection, 2026-02-06).
 * The two login times go together; without them Huawei would take the last month.
 */
const exportBody = z
  .strictObject({
    ...filterFields,
    update_time: z.optional(time),
    login_start_time: z.optional(time),
    login_end_time: z.optional(time),
  })
  .check(
    z.refine((body) => (body.login_start_time === undefined) === (body.login_end_time === undefined), {
      path: ['login_end_time'],
      error: 'must be given together with login_start_time, or neither of them',
    }),
  );

const NO_RECORD = 'login-export-doctor-asks-whether-it-may-export-and-wants-no-record';

const accepted = z.object({
  task_id: taskId,
  error_code: z.nullish(z.literal('')),
});

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

function notAccepted(
  reply: HttpReply,
  { redact, isShapeAccepted = false, ...context }: Context,
): ExportError {
  const { target, origin } = context;
  const vendor = readErrorReply(reply, redact);
  if (isSuccess(vendor.status) && vendor.code === undefined) {
    const said = `${new URL(origin).host} refuses the export for target "${target.id}": ${vendorText(vendor)}.`;
    const issue = reply.bodyIssue ? ` The body ${redact(reply.bodyIssue)}.` : '';
    const message = `${said}${issue} It is not the documented success with a task_id, so there may or may not be a task.`;
    return new MalformedReplyError(message, { vendor, fix: askHuawei(vendor) });
  }
  return refusal(vendor, {
    ...context,
    name: 'the export',
    host: 'export',
    permission: 'workspace:session:exportUserConnection',
    whenInvalid: isShapeAccepted
      ? 'Calls that differ in nothing but their times were accepted before it: look at the times that it asks for.'
      : "Check the target's filters and api_time.",
  });
}
