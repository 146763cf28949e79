import { RefusedError, UnavailableError, type UnavailableReason } from '../../domain/errors.ts';
import type { Clock } from '../../ports.ts';
import { readErrorReply, vendorText } from './errors.ts';
import type { HttpReply, HttpRequest, Send } from './http.ts';
import { middleboxError, middleboxOf } from './middlebox.ts';
import type { Redact } from './redact.ts';
import type { Attempt } from './retry.ts';
import { retryAfterMilliseconds } from './retry-after.ts';
import { unavailable } from './unavailable.ts';

type Options = { send: Send; clock: Clock; redact: Redact; signal: AbortSignal };

/** Sends a request once. No reply, 429 and its like, and 5xx are failures that may be repeated; every other reply is a value. */
export async function attemptCall(request: HttpRequest, options: Options): Promise<Attempt<HttpReply>> {
  const reply = await replyOrFailure(request, options);
  if (reply instanceof UnavailableError) return { failure: reply };
  const middlebox = middleboxOf(reply, request.url, options.redact);
  const reason = reasonToRepeat(reply.status);
  // A firewall does not change its mind in a moment; a gateway that is overloaded may recover.
  if (middlebox && !reason) throw middleboxError(request, middlebox);
  if (reply.status >= 300 && reply.status < 400) throw redirected(request, reply);
  if (!reason) return { value: reply };
  const wait = retryAfterMilliseconds(reply.headers, options.clock());
  const failure = middlebox
    ? middleboxError(request, middlebox, { mayHaveArrived: mayBeDone(reply) })
    : failureOf(request, reply, { reason, redact: options.redact });
  return wait === undefined ? { failure } : { failure, retryAfterMilliseconds: wait };
}

/** Sends a request once; no reply is a value, too. */
export async function replyOrFailure(
  request: HttpRequest,
  { send, signal }: Pick<Options, 'send' | 'signal'>,
): Promise<HttpReply | UnavailableError> {
  try {
    return await send(request, signal);
  } catch (error) {
    if (error instanceof UnavailableError) return error;
    throw error;
  }
}

// Request Timeout, Conflict, Locked, Too Early: a service that does one thing at a time says so in one of these.
const BUSY = [408, 409, 423, 425];

// Network Authentication Required: a login page, whatever its number (RFC 6585, 6).
const NETWORK_LOGIN = 511;

function reasonToRepeat(status: number): keyof typeof WORDS | undefined {
  if (status === 429) return 'throttled';
  if (BUSY.includes(status)) return 'busy';
  return status >= 500 && status !== NETWORK_LOGIN ? 'server_error' : undefined;
}

const WORDS = {
  throttled: 'throttles the call',
  busy: 'has no time for the call yet',
  server_error: 'could not do the call',
} as const satisfies Partial<Record<UnavailableReason, string>>;

type Failed = { reason: keyof typeof WORDS; redact: Redact };

function failureOf({ url }: HttpRequest, reply: HttpReply, { reason, redact }: Failed): UnavailableError {
  const vendor = readErrorReply(reply, redact);
  return unavailable(`${url.host} ${WORDS[reason]}: ${vendorText(vendor)}.`, {
    vendor,
    reason,
    mayHaveArrived: mayBeDone(reply),
  });
}

// A 503 comes before the work begins; every other 5xx may come after the work is done.
function mayBeDone({ status }: HttpReply): boolean {
  return status >= 500 && status !== 503;
}

function redirected({ url }: HttpRequest, { status }: HttpReply): RefusedError {
  return new RefusedError(
    `${url.host} answers ${url.pathname} with a redirect (HTTP ${status}). Redirects are not followed, because the ` +
      'credential would go along.',
    { vendor: { status }, fix: 'Check the endpoints of the target.' },
  );
}
