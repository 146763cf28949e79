import { RefusedError, UnavailableError } from '../domain/errors.ts';
import type { Clock } from '../ports.ts';
import { readErrorReply, vendorText } from './error-reply.ts';
import type { HttpReply, HttpRequest, Send } from './http.ts';
import type { Redact } from './redact.ts';
import type { Attempt } from './retry.ts';
import { retryAfterMilliseconds } from './retry-after.ts';

type Options = { send: Send; clock: Clock; redact: Redact; signal: AbortSignal };

/** Sends a request once. No reply, 429 and 5xx come back as failures that may be repeated; every other reply is a value. */
export async function attemptCall(request: HttpRequest, options: Options): Promise<Attempt<HttpReply>> {
  const reply = await sendOnce(request, options);
  if (reply instanceof UnavailableError) return { failure: reply };
  if (reply.status >= 300 && reply.status < 400) throw redirected(request, reply);
  if (reply.status !== 429 && reply.status < 500) return { value: reply };
  const wait = retryAfterMilliseconds(reply.headers['retry-after'], options.clock());
  const failure = unavailable(request, reply, options.redact);
  return wait === undefined ? { failure } : { failure, retryAfterMilliseconds: wait };
}

async function sendOnce(
  request: HttpRequest,
  { send, signal }: Options,
): Promise<HttpReply | UnavailableError> {
  try {
    return await send(request, signal);
  } catch (error) {
    if (error instanceof UnavailableError) return error;
    throw error;
  }
}

function unavailable({ url }: HttpRequest, reply: HttpReply, redact: Redact): UnavailableError {
  const vendor = readErrorReply(reply, redact);
  const what = reply.status === 429 ? 'throttles' : 'could not do';
  return new UnavailableError(`${url.host} ${what} the call: ${vendorText(vendor)}.`, { vendor });
}

function redirected({ url }: HttpRequest, { status }: HttpReply): RefusedError {
  return new RefusedError(
    `${url.host} answers ${url.pathname} with a redirect (HTTP ${status}). Redirects are not followed, because the ` +
      'credential would go along. Check the endpoints of the target.',
    { vendor: { status } },
  );
}
