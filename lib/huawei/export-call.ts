import * as z from 'zod/mini';
import { type ExportError, MalformedReplyError } from '../domain/errors.ts';
import type { Target } from '../domain/target.ts';
import { otherExportHost } from './endpoints.ts';
import { parseJson, readErrorReply, vendorText } from './error-reply.ts';
import type { HttpReply, HttpRequest } from './http.ts';
import type { Redact } from './redact.ts';
import { refusal } from './refusal.ts';
import { taskId } from './task-id.ts';

/** The unauthorised export request: `POST /v1/{project_id}/session/user-connection/export`. */
export function exportRequest(origin: string, projectId: string, body: Record<string, string>): HttpRequest {
  return {
    method: 'POST',
    url: new URL(`/v1/${encodeURIComponent(projectId)}/session/user-connection/export`, origin),
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
}

type Context = {
  target: Target;
  origin: string;
  redact: Redact;
  /** Calls that differ in nothing but their times were accepted before. */
  isShapeAccepted?: boolean;
};

const accepted = z.object({
  task_id: taskId,
  error_code: z.nullish(z.literal('')),
});

/**
 * The `task_id` of a reply. Success is any 2xx with a task_id and no error_code: 200 is documented, 202 is what an order
 * is accepted with elsewhere, and a task that is not taken for one is ordered again. Everything else throws what to do.
 */
export function readTaskId(reply: HttpReply, context: Context): string {
  const body = accepted.safeParse(parseJson(reply.body));
  if (isSuccess(reply.status) && body.success) return body.data.task_id;
  throw notAccepted(reply, context);
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

function notAccepted(
  reply: HttpReply,
  { target, origin, redact, isShapeAccepted = false }: Context,
): ExportError {
  const vendor = readErrorReply(reply, redact);
  if (isSuccess(vendor.status) && vendor.code === undefined) {
    const said = `${new URL(origin).host} refuses the export for target "${target.id}": ${vendorText(vendor)}.`;
    const issue = reply.bodyIssue ? ` The body ${redact(reply.bodyIssue)}.` : '';
    const message = `${said}${issue} It is not the documented success with a task_id, so there may or may not be a task.`;
    return new MalformedReplyError(message, { vendor });
  }
  return refusal(vendor, {
    name: 'the export',
    target,
    origin,
    permission: 'workspace:session:exportUserConnection',
    whenInvalid: isShapeAccepted
      ? 'Calls that differ in nothing but their times were accepted before it: look at the times that it asks for'
      : "Check the target's filters and api_time",
    whenWrongHost: wrongHost(origin),
  });
}

function wrongHost(origin: string): string {
  const other = otherExportHost(origin);
  const hint = other
    ? `Set endpoints.export of the target to ${other}`
    : "Check the target's endpoints.export";
  return `${hint}; the call is on one host in some regions and on another in others.`;
}
