import { hostOf } from '../server/hosts.ts';
import { type Extras, gatewayError, iamError, jsonReply, type Reply, serviceError } from '../server/reply.ts';
import type { CallKind } from '../server/routes.ts';

type RetryAfter = { retry_after?: number | string | undefined; retry_after_form: 'seconds' | 'http_date' };

/** 429. Text as the gateway's users report it; IAM has a code of its own (Open Telekom Cloud's IAM table). */
export function throttledReply(kind: CallKind, retryAfter: RetryAfter, now: number): Reply {
  const headers = retryAfterHeader(retryAfter, now);
  if (hostOf(kind) !== 'iam') return overLimit('limit:100,time:1 minute', { headers });
  return serviceError({
    status: 429,
    code: 'IAM.0012',
    message: 'The throttling threshold has been reached. Threshold: 100 times per 60 seconds.',
    headers,
  });
}

/** So many accepted exports within so many seconds. */
export type Quota = { exports: number; per_seconds: number };

/** 429 for an export beyond the quota, in the shape of `throttledReply`; another one is free in so many seconds. */
export function overQuotaReply({ exports, per_seconds }: Quota, freeInSeconds: number): Reply {
  return overLimit(`limit:${exports},time:${per_seconds} second`, {
    headers: { 'retry-after': String(freeInSeconds) },
    note: `over the quota of ${exports} exports in ${per_seconds} seconds; the next is free in ${freeInSeconds}`,
  });
}

/**
 * A refusal that has nothing to do with the request: 500 and 503 as the service words them, 502 and 504 as the gateway
 * does. For the 4xx, which are not documented for these calls, the codes are made up.
 */
export function brokenReply(
  kind: CallKind,
  { status, ...retryAfter }: { status: keyof typeof BROKEN } & RetryAfter,
  now: number,
): Reply {
  const { code, message, isGateway } = BROKEN[status];
  const headers = retryAfterHeader(retryAfter, now);
  if (hostOf(kind) === 'iam') return iamError(status, message, { headers });
  return (isGateway ? gatewayError : serviceError)({ status, code, message, headers });
}

const BROKEN = {
  400: { code: 'WKS.00211102', message: 'The parameter is invalid.', isGateway: false },
  408: { code: 'WKS.00211408', message: 'The request took too long.', isGateway: false },
  409: { code: 'WKS.00211409', message: 'Another export task is running.', isGateway: false },
  423: { code: 'WKS.00211423', message: 'The resource is locked.', isGateway: false },
  425: { code: 'WKS.00211425', message: 'Too early.', isGateway: false },
  500: { code: 'WKS.00211401', message: 'The system is abnormal.', isGateway: false },
  502: { code: 'APIGW.0202', message: 'Backend unavailable.', isGateway: true },
  503: { code: 'WKS.00050902', message: 'The service is unavailable.', isGateway: false },
  504: { code: 'APIGW.0203', message: 'Backend timeout.', isGateway: true },
};

/** 403 of the identity policies (IAM 5.0), with the message that only Huawei can decode. */
export function forbiddenReply(kind: CallKind): Reply {
  const action = ACTIONS[kind];
  if (!action) return iamError(403, 'You have no right to do this action.');
  return jsonReply(403, {
    error_code: 'PAP5.0001',
    error_msg: `access denied: the identity policy does not allow ${action}`,
    encoded_authorization_message: Buffer.from(`not allowed: ${action}`).toString('base64'),
  });
}

// The calls of IAM have no policy here.
const ACTIONS: { [Kind in CallKind]?: string } = {
  export: 'workspace:session:exportUserConnection',
  records: 'workspace:session:listUserConnection',
  tasks: 'workspace:tenants:listExportTasks',
  download: 'workspace:tenants:exportData',
};

function overLimit(limit: string, extras: Extras): Reply {
  const message = `The throttling threshold has been reached: policy user over ratelimit,${limit}`;
  return gatewayError({ status: 429, code: 'APIGW.0308', message, ...extras });
}

function retryAfterHeader(
  { retry_after: seconds, retry_after_form: form }: RetryAfter,
  now: number,
): Record<string, string> {
  if (seconds === undefined) return {};
  if (typeof seconds === 'string') return { 'retry-after': seconds };
  const date = new Date(now + seconds * 1000).toUTCString();
  return { 'retry-after': form === 'seconds' ? String(seconds) : date };
}
