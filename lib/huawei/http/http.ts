import { InterruptedError } from '../../domain/errors.ts';
import type { Proxies } from '../../domain/input/proxies.ts';
import { VERSION } from '../../domain/version.ts';
import type { Client, TimeOuts } from './agents.ts';
import { readBody } from './reply-body.ts';
import { causeOf, unavailable } from './unavailable.ts';

/**
 * Huawei's gateway waits 30 s for its own back end (API definition, backend timeout), so headers get a little more. The
 * connection has time for several addresses of a host.
 */
export const DEFAULT_TIME_OUTS: TimeOuts = { connect: 10_000, headers: 40_000, body: 30_000 };

export type HttpRequest = {
  method: 'GET' | 'POST';
  url: URL;
  headers: Record<string, string>;
  body?: string;
};

/**
 * A reply of any status; header names are in lower case. The body is decoded; `bodyIssue` says why it is not all that
 * was sent, as in "is longer than 4 MiB".
 */
export type HttpReply = {
  status: number;
  headers: Record<string, string | undefined>;
  body: string;
  bodyIssue?: string;
};

/** Sends one request once. Throws `UnavailableError` when no reply came, `InterruptedError` when `signal` aborted. */
export type Send = (request: HttpRequest, signal: AbortSignal) => Promise<HttpReply>;

export type HttpOptions = {
  timeOuts?: TimeOuts | undefined;
  /** How long one call may take; all its phases together unless given. */
  callMilliseconds?: number | undefined;
  proxies?: Proxies | undefined;
};

/** An HTTP client that never follows a redirect, so no credential reaches a host that was not named. */
export function createHttp({
  timeOuts = DEFAULT_TIME_OUTS,
  callMilliseconds = timeOuts.connect + timeOuts.headers + timeOuts.body,
  proxies,
}: HttpOptions = {}): Send {
  let loading: Promise<Client> | undefined;

  // A load that failed is tried again at the next call.
  const load = async () => {
    try {
      const { createClient } = await import('./agents.ts');
      return createClient(timeOuts, proxies);
    } catch (error) {
      loading = undefined;
      throw error;
    }
  };

  const send: Send = async (request, signal) => {
    loading ??= load();
    const client = await loading;
    try {
      return await exchange(client, request, signal);
    } catch (error) {
      throw translate(error, { request, proxy: client.proxyFor(request.url) }, signal);
    }
  };

  return withTimeout(send, callMilliseconds);
}

// Not signed: a proxy may add to this header, which would break the signature.
const USER_AGENT = `workspace-login-export/${VERSION}`;

async function exchange(client: Client, request: HttpRequest, signal: AbortSignal): Promise<HttpReply> {
  const { method, url, body } = request;
  const headers = { ...request.headers, 'user-agent': USER_AGENT };
  const dispatcher = client.dispatcherFor(url);
  const reply = await client.send(dispatcher, {
    origin: url.origin,
    path: url.pathname + url.search,
    method,
    headers,
    body: body ?? null,
    signal,
  });
  const replied = singleValues(reply.headers);
  const { text, issue } = await readBody(reply.body, replied['content-encoding']);
  return { status: reply.statusCode, headers: replied, body: text, ...(issue ? { bodyIssue: issue } : {}) };
}

function singleValues(headers: Record<string, string | string[] | undefined>): HttpReply['headers'] {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
  );
}

type Sent = { request: HttpRequest; proxy: string | undefined };

// undici's error is not passed on as the cause: it may hold bytes of the reply, and they may hold a token.
function translate(error: unknown, { request, proxy }: Sent, signal: AbortSignal): Error {
  const { method, url } = request;
  const call = `${method} ${url.origin}${url.pathname}`;
  if (signal.aborted) return new InterruptedError(`Stopped before ${call} was answered.`);
  const refused = proxy === undefined ? undefined : TUNNEL_REFUSED.exec(String(error))?.[1];
  if (refused)
    return unavailable(`The proxy ${proxy} opens no connection for ${call}: it answers HTTP ${refused}.`, {
      reason: 'proxy_refused',
    });
  const hint = proxy === undefined ? '' : ` (the environment names a proxy, ${proxy})`;
  const { text, ...details } = causeOf(error);
  return unavailable(`No answer to ${call}: ${text}${hint}.`, details);
}

// undici's words when a proxy says no to CONNECT.
const TUNNEL_REFUSED = /Proxy response \((\d{3})\)/;

// Ends each call after so many milliseconds, all its phases together, as one that was not answered.
function withTimeout(send: Send, milliseconds: number): Send {
  return async (request, signal) => {
    try {
      return await send(request, AbortSignal.any([signal, AbortSignal.timeout(milliseconds)]));
    } catch (error) {
      if (!(error instanceof InterruptedError) || signal.aborted) throw error;
      const { method, url } = request;
      const said = `No answer to ${method} ${url.origin}${url.pathname}`;
      throw unavailable(`${said}: it took longer than ${milliseconds / 1000} s.`, {
        reason: 'timeout',
        mayHaveArrived: true,
      });
    }
  };
}
