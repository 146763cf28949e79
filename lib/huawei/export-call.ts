import * as z from 'zod/mini';
import {
  CredentialError,
  type ExportError,
  MalformedReplyError,
  RefusedError,
  type VendorReply,
} from '../domain/errors.ts';
import type { Target } from '../domain/target.ts';
import { otherExportHost } from './endpoints.ts';
import { parseJson, readErrorReply, vendorText } from './error-reply.ts';
import type { HttpReply, HttpRequest } from './http.ts';
import type { Redact } from './redact.ts';

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
  throw refusal(readErrorReply(reply, context.redact), context);
}

function refusal(vendor: VendorReply, { target, origin }: { target: Target; origin: string }): ExportError {
  const said = `${new URL(origin).host} refuses the export for target "${target.id}": ${vendorText(vendor)}.`;
  if (vendor.status < 300 && vendor.code === undefined) {
    const message = `${said} It is not the documented 200 with a task_id, so there may or may not be a task.`;
    return new MalformedReplyError(message, { vendor });
  }
  const message = `${said} ${advice(vendor, target, origin)}`;
  return vendor.status === 401
    ? new CredentialError(message, { vendor })
    : new RefusedError(message, { vendor });
}

/** What a person can do about it. Huawei's WKS codes are not trustworthy, so the status decides. */
function advice({ status, code }: VendorReply, target: Target, origin: string): string {
  if (code === 'APIGW.0101' || code === 'APIG.0101') return wrongHost(origin);
  switch (status) {
    case 400:
      return "Check the target's filters and api_time; nothing was repeated.";
    case 401:
      return `Check the secret "${target.credential}"; it was not tried again, because accounts and keys get locked.`;
    case 403:
      return `Allow workspace:session:exportUserConnection in project and region to the user of the secret "${target.credential}".`;
    case 404:
      return 'Check the project_id, and that Workspace is open in this project.';
    default:
      return 'Ask Huawei with the request id; nothing was repeated.';
  }
}

function wrongHost(origin: string): string {
  const other = otherExportHost(origin);
  const hint = other
    ? `Set endpoints.export of the target to ${other}`
    : "Check the target's endpoints.export";
  return `This host does not know the call. ${hint}; the call is on one host in some regions and on another in others.`;
}
