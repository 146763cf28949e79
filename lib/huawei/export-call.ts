import * as z from 'zod/mini';
import { type ExportError, MalformedReplyError, type VendorReply } from '../domain/errors.ts';
import type { Target } from '../domain/target.ts';
import { otherExportHost } from './endpoints.ts';
import { parseJson, readErrorReply, vendorText } from './error-reply.ts';
import type { HttpReply, HttpRequest } from './http.ts';
import type { Redact } from './redact.ts';
import { refusal } from './refusal.ts';

/** The unauthorised export request: `POST /v1/{project_id}/session/user-connection/export`. */
export function exportRequest(origin: string, projectId: string, body: Record<string, string>): HttpRequest {
  return {
    method: 'POST',
    url: new URL(`/v1/${encodeURIComponent(projectId)}/session/user-connection/export`, origin),
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
}

const accepted = z.object({
  task_id: z.string().check(z.minLength(1)),
  error_code: z.nullish(z.literal('')),
});

/** The `task_id` of a reply. Success is 200 and a task_id and no error_code; everything else throws what to do. */
export function readTaskId(
  reply: HttpReply,
  context: { target: Target; origin: string; redact: Redact },
): string {
  const body = accepted.safeParse(parseJson(reply.body));
  if (reply.status === 200 && body.success) return body.data.task_id;
  throw notAccepted(readErrorReply(reply, context.redact), context);
}

function notAccepted(
  vendor: VendorReply,
  { target, origin }: { target: Target; origin: string },
): ExportError {
  if (vendor.status < 300 && vendor.code === undefined) {
    const said = `${new URL(origin).host} refuses the export for target "${target.id}": ${vendorText(vendor)}.`;
    const message = `${said} It is not the documented 200 with a task_id, so there may or may not be a task.`;
    return new MalformedReplyError(message, { vendor });
  }
  return refusal(vendor, {
    name: 'the export',
    target,
    origin,
    permission: 'workspace:session:exportUserConnection',
    whenInvalid: "Check the target's filters and api_time",
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
