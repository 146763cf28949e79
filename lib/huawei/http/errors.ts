import * as z from 'zod/mini';
import type { VendorReply } from '../../domain/errors.ts';
import type { HttpReply } from './http.ts';
import type { Redact } from './redact.ts';
import { parseJson } from './reply-body.ts';

/** How much of a text that Huawei wrote is kept. */
export const LONGEST_MESSAGE = 500;
export const LONGEST_CODE = 100;

/** What Huawei said in a reply that is not a success, in either of its two shapes, without the secrets it may echo. */
export function readErrorReply(reply: HttpReply, redact: Redact): VendorReply {
  const { code, message, requestId } = readBody(parseJson(reply.body));
  const id = requestId ?? reply.headers['x-request-id'];
  return {
    status: reply.status,
    ...(code ? { code: redact(code).slice(0, LONGEST_CODE) } : {}),
    ...(message ? { message: redact(message).slice(0, LONGEST_MESSAGE) } : {}),
    ...(id ? { requestId: redact(id).slice(0, LONGEST_CODE) } : {}),
  };
}

/** `HTTP 401 APIGW.0301 "token expires" (request 0f3a…)`: one line for messages to people. */
export function vendorText({ status, code, message, requestId }: VendorReply): string {
  // IAM's code is the status once more.
  const shownCode = code === String(status) ? undefined : code;
  const parts = [
    `HTTP ${status}`,
    shownCode,
    message && `"${message}"`,
    requestId && `(request ${requestId})`,
  ];
  return parts.filter(Boolean).join(' ');
}

function readBody(body: unknown): { code?: string; message?: string; requestId?: string } {
  const iam = nested.safeParse(body);
  if (iam.success) return { code: String(iam.data.error.code), message: iam.data.error.message };
  const { error_code, error_msg, request_id } = flat.safeParse(body).data ?? {};
  return {
    ...(error_code ? { code: error_code } : {}),
    ...(error_msg ? { message: error_msg } : {}),
    ...(request_id ? { requestId: request_id } : {}),
  };
}

// Workspace and the gateway say {error_code, error_msg}; IAM says {error: {code, message}} or the first form.
const flat = z.object({
  error_code: z.optional(z.string()),
  error_msg: z.optional(z.string()),
  request_id: z.optional(z.string()),
});
const nested = z.object({
  error: z.object({ code: z.union([z.string(), z.number()]), message: z.string() }),
});
