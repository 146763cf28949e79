import type { Agent, request as sendRequest } from 'undici';
import { InterruptedError, UnavailableError } from '../domain/errors.ts';

/** How long each phase of one call may take, in milliseconds. */
export type TimeOuts = { connect: number; headers: number; body: number };

/** Huawei's gateway waits 30 s for its own back end (API definition, backend timeout), so headers get a little more. */
export const DEFAULT_TIME_OUTS: TimeOuts = { connect: 5_000, headers: 40_000, body: 30_000 };

export type HttpRequest = {
  method: 'GET' | 'POST';
  url: URL;
  headers: Record<string, string>;
  body?: string;
};

/** A reply of any status; header names are in lower case. */
export type HttpReply = { status: number; headers: Record<string, string | undefined>; body: string };

/** Sends one request once. Throws `UnavailableError` when no reply came, `InterruptedError` when `signal` aborted. */
export type Send = (request: HttpRequest, signal: AbortSignal) => Promise<HttpReply>;

// A token alone may have 40,000 characters and arrives in a header; Node's default is 16 KiB for all of them.
const MAX_HEADER_BYTES = 128 * 1024;
const MAX_REPLY_BYTES = 16 * 1024 * 1024;

/** An HTTP client that never follows a redirect, so no credential reaches a host that was not named. */
export function createHttp(timeOuts: TimeOuts = DEFAULT_TIME_OUTS): Send {
  let loading: Promise<Client> | undefined;
  return async (request, signal) => {
    loading ??= loadClient(timeOuts);
    const client = await loading;
    try {
      return await exchange(client, request, signal);
    } catch (error) {
      throw translate(error, request, signal);
    }
  };
}

type Client = { agent: Agent; send: typeof sendRequest };

// Loaded at the first call: evaluating undici costs more than all the rest of the function together.
async function loadClient({ connect, headers, body }: TimeOuts): Promise<Client> {
  const { Agent, request } = await import('undici');
  const agent = new Agent({
    allowH2: false,
    connect: { timeout: connect },
    headersTimeout: headers,
    bodyTimeout: body,
    maxHeaderSize: MAX_HEADER_BYTES,
    maxResponseSize: MAX_REPLY_BYTES,
  });
  return { agent, send: request };
}

async function exchange(
  { agent, send }: Client,
  request: HttpRequest,
  signal: AbortSignal,
): Promise<HttpReply> {
  const { method, url, headers, body } = request;
  const reply = await send(url, { method, headers, body: body ?? null, signal, dispatcher: agent });
  return { status: reply.statusCode, headers: singleValues(reply.headers), body: await reply.body.text() };
}

function singleValues(headers: Record<string, string | string[] | undefined>): HttpReply['headers'] {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
  );
}

// undici's error is not passed on as the cause: it may hold bytes of the reply, and a token may stand in those.
function translate(error: unknown, { method, url }: HttpRequest, signal: AbortSignal): Error {
  const call = `${method} ${url.origin}${url.pathname}`;
  if (signal.aborted) return new InterruptedError(`Stopped before ${call} was answered.`);
  return new UnavailableError(`No answer to ${call}: ${reason(error)}.`, {
    reason: TIMED_OUT.includes(codeOf(error)) ? 'timeout' : 'unreachable',
  });
}

// A connection was there, and then no reply, or not all of it.
const TIMED_OUT = ['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'];

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

// A refused connection hides its reason in an AggregateError, one entry for each address that was tried.
function reason(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reason(error.errors[0]);
  return error instanceof Error ? error.message || error.name : String(error);
}
