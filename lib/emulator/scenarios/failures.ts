import {
  gatewayError,
  iamError,
  jsonReply,
  overLimit,
  type Reply,
  serviceError,
  textReply,
} from '../server/reply.ts';
import { type CallKind, hostOf } from '../server/routes.ts';
import type { Effect } from './effects.ts';

type RetryAfter = { retry_after?: number | string | undefined; retry_after_form: 'seconds' | 'http_date' };

/** 429. IAM has a code of its own. Source: IAM table of the Open Telekom Cloud. */
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

function retryAfterHeader(
  { retry_after: seconds, retry_after_form: form }: RetryAfter,
  now: number,
): Record<string, string> {
  if (seconds === undefined) return {};
  if (typeof seconds === 'string') return { 'retry-after': seconds };
  const date = new Date(now + seconds * 1000).toUTCString();
  return { 'retry-after': form === 'seconds' ? String(seconds) : date };
}

/**
 * An error that does not depend on the request: 500 and 503 in the words of the service, 502 and 504 in those of the
 * gateway. The 4xx are not documented for these calls; their codes are fake.
 */
export function errorReply(
  kind: CallKind,
  { status, ...retryAfter }: { status: keyof typeof ERRORS } & RetryAfter,
  now: number,
): Reply {
  const { code, message, isGateway } = ERRORS[status];
  const headers = retryAfterHeader(retryAfter, now);
  if (hostOf(kind) === 'iam') return iamError(status, message, { headers });
  return (isGateway ? gatewayError : serviceError)({ status, code, message, headers });
}

const ERRORS = {
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

/** The page of a proxy or a firewall between the caller and the cloud: no request id, no JSON. */
export function middleboxPage({ status, by, content_type, text }: Extract<Effect, { type: 'page' }>): Reply {
  const { 'x-request-id': _, ...headers } = textReply('', content_type).headers;
  return {
    status,
    headers: { ...headers, server: by, ...challenge(status, by) },
    body: text ?? pageText(status, by),
    note: `a page of ${by}`,
  };
}

// Replies with these statuses must name a way to authenticate (RFC 9110, 15.5.2 and 15.5.8).
function challenge(status: number, by: string): Record<string, string> {
  const name = { 401: 'www-authenticate', 407: 'proxy-authenticate' }[status];
  return name ? { [name]: `Basic realm="${by}"` } : {};
}

function pageText(status: number, by: string): string {
  return `<!DOCTYPE html>
<html><head><title>${status} - ${by}</title></head>
<body><h1>Request stopped</h1><p>${by} has stopped this request (${status}). Contact your network administrator.</p></body></html>
`;
}
