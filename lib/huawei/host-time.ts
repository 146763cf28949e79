import { UnavailableError } from '../domain/errors.ts';
import type { Target } from '../domain/input/target.ts';
import type { HostTime, TargetHost, VendorHosts } from '../ports.ts';
import type { TimeOuts } from './http/agents.ts';
import { hostsOf, NO_PROJECT } from './http/endpoints.ts';
import { createHttp, type HttpOptions, type HttpReply, type HttpRequest, type Send } from './http/http.ts';
import { parseHttpDate } from './http/http-date.ts';
import { middleboxOf } from './http/middlebox.ts';
import { replyOrFailure } from './http/send.ts';

/** The host does no work for this question, so the limits are shorter than those of an export. */
const TIME_OUTS: TimeOuts = { connect: 5_000, headers: 10_000, body: 5_000 };

/** Asks hosts for their time over verified TLS, or on the loopback; the settings allow nothing else. */
export function createVendorHosts({ timeOuts = TIME_OUTS, proxies }: HttpOptions = {}): VendorHosts {
  const send = createHttp({ timeOuts, proxies });

  const originOf = ({ region, endpoints }: Target, host: TargetHost) => hostsOf(region, endpoints)[host];

  const askTime: VendorHosts['askTime'] = async (target, host, signal) => {
    const origin = originOf(target, host);
    const request = questionFor(host, origin, target);
    const reply = await sendTwice(request, send, signal);
    return reply instanceof UnavailableError
      ? { kind: 'unavailable', error: reply }
      : timeOf(reply, request.url);
  };

  return { originOf, askTime };
}

// Each host refuses this request, which has no credential, and states its time. No account comes nearer to its lock.
function questionFor(host: TargetHost, origin: string, { projectId = NO_PROJECT }: Target): HttpRequest {
  const path =
    host === 'iam' ? '/v3/auth/tokens' : `/v2/${encodeURIComponent(projectId)}/export-tasks?limit=1`;
  return { method: 'GET', url: new URL(path, origin), headers: { 'content-type': 'application/json' } };
}

async function sendTwice(
  request: HttpRequest,
  send: Send,
  signal: AbortSignal,
): Promise<HttpReply | UnavailableError> {
  const first = await replyOrFailure(request, { send, signal });
  return first instanceof UnavailableError ? replyOrFailure(request, { send, signal }) : first;
}

function timeOf(reply: HttpReply, url: URL): HostTime {
  const { date, age } = reply.headers;
  const noTime = (why: string): HostTime => ({ kind: 'no_time', reason: `${url.origin} ${why}.` });
  // Nothing secret was sent, so nothing secret can come back.
  const middlebox = middleboxOf(reply, url, (text) => text);
  if (middlebox) return noTime(`was not reached: something in between answered (${middlebox})`);
  if (reply.status >= 300 && reply.status < 400)
    return noTime(`answers with a redirect (HTTP ${reply.status}), which Huawei's hosts never do`);
  if (age && age !== '0') return noTime(`answers from a cache (Age: ${age.slice(0, 20)})`);
  if (!date) return noTime(`answers without a Date (HTTP ${reply.status})`);
  const at = parseHttpDate(date);
  return at
    ? { kind: 'time', at, status: reply.status }
    : noTime(`has a Date that is none: "${date.slice(0, 60)}"`);
}
