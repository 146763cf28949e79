import { UnavailableError, type VendorReply } from '../../domain/errors.ts';
import type { Target } from '../../domain/input/target.ts';
import type { Clock } from '../../ports.ts';
import { exportRequest } from '../calls/export.ts';
import { taskListRequest } from '../calls/tasks.ts';
import { type Hosts, hostsOf } from '../http/endpoints.ts';
import { type Redact, readErrorReply } from '../http/errors.ts';
import type { HttpReply, HttpRequest, Send } from '../http/http.ts';
import { middleboxOf } from '../http/middlebox.ts';
import { parseHttpDate } from '../http/retry.ts';
import { permissionProbeBody } from './access.ts';

export type HostName = keyof Hosts;

/** What a host says to a call without a credential. */
export type HostAnswer =
  | { is: 'huawei'; vendor: VendorReply; aheadMilliseconds?: number }
  /** 429 or 5xx, whoever says it. */
  | { is: 'unavailable'; vendor: VendorReply }
  /** One of Huawei's, that does not have the call. */
  | { is: 'wrong_host'; vendor: VendorReply }
  /** Something on the way that answers in its place. */
  | { is: 'middlebox'; said: string }
  | { is: 'unrecognized'; said: string }
  | { is: 'unreachable'; why: string };

export type HostReport = { host: HostName; origin: string; answer: HostAnswer };

type Options = { send: Send; clock: Clock; redact: Redact };

/**
 * Makes the call that a host is there for, once, without a credential: no account comes nearer to its lock. Throws
 * `InterruptedError` alone.
 */
export async function probeHost(
  host: HostName,
  target: Target,
  { send, clock, redact }: Options,
  signal: AbortSignal,
): Promise<HostReport> {
  const origin = hostsOf(target.region, target.endpoints)[host];
  const askedAt = clock().epochMilliseconds;
  try {
    const reply = await send(requestTo(host, origin, target, clock), signal);
    const ahead = aheadMilliseconds(reply, askedAt, clock().epochMilliseconds);
    const middlebox = middleboxOf(reply, new URL(origin), redact);
    const answer = middlebox
      ? ({ is: 'middlebox', said: middlebox } as const)
      : answerOf(host, reply, ahead, redact);
    return { host, origin, answer };
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
    return { host, origin, answer: { is: 'unreachable', why: reasonOf(error) } };
  }
}

// A project id of the form that Huawei's have, for a target that learns its own from the token.
const NO_PROJECT = '0'.repeat(32);

function requestTo(host: HostName, origin: string, target: Target, clock: Clock): HttpRequest {
  const projectId = target.projectId ?? NO_PROJECT;
  switch (host) {
    case 'iam':
      return {
        method: 'POST',
        url: new URL('/v3/auth/tokens?nocatalog=true', origin),
        headers: { 'content-type': 'application/json;charset=utf8' },
        body: '{}',
      };
    case 'export':
      return exportRequest(origin, projectId, permissionProbeBody(target, clock()));
    case 'tasks':
      return taskListRequest(origin, projectId, { isDownloaded: false, offset: 0 });
  }
}

// It was written somewhere on the way.
function aheadMilliseconds({ headers }: HttpReply, askedAt: number, answeredAt: number): number | undefined {
  const date = parseHttpDate(headers['date']);
  return date && date.epochMilliseconds - (askedAt + answeredAt) / 2;
}

/** The code of a host that does not have the call: the gateway's name is APIGW on the public cloud, APIG elsewhere. */
export const NO_SUCH_API = /^APIGW?\.0101$/;

function answerOf(host: HostName, reply: HttpReply, ahead: number | undefined, redact: Redact): HostAnswer {
  const vendor = readErrorReply(reply, redact);
  if (vendor.status === 429 || vendor.status >= 500) return { is: 'unavailable', vendor };
  if (NO_SUCH_API.test(vendor.code ?? '')) return { is: 'wrong_host', vendor };
  if (isHuaweis(host, vendor))
    return { is: 'huawei', vendor, ...(ahead === undefined ? {} : { aheadMilliseconds: ahead }) };
  const type = redact(reply.headers['content-type'] ?? 'of no type').slice(0, 40);
  return { is: 'unrecognized', said: `HTTP ${reply.status}, ${type}` };
}

// The gateway and the services have codes with a prefix; IAM's older calls have the status as their code.
function isHuaweis(host: HostName, { status, code = '' }: VendorReply): boolean {
  if (status < 400) return false;
  return /^(APIGW?|WKS|IAM|PAP5)\./.test(code) || (host === 'iam' && code === String(status) && status < 404);
}

// Of OpenSSL's line, its reason; the rest is addresses and source files.
const OPENSSL = /^\S+:error:\w+:([^:]+):[^:]*:([^:]+):[\s\S]*$/;

function reasonOf({ message }: UnavailableError): string {
  const reason = message.replace(/^No answer to \S+ \S+: /, '').replace(/\.$/, '');
  return reason.replace(OPENSSL, '$1: $2').trim();
}
