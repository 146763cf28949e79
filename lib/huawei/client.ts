import { InterruptedError, type UnavailableError } from '../domain/errors.ts';
import type { Credential } from '../domain/input/credential.ts';
import type { Target } from '../domain/input/target.ts';
import type { Clock, Observe, SecretStore } from '../ports.ts';
import type { Authorization } from './auth/authorization.ts';
import { createSessions, refusalFrom } from './auth/session.ts';
import { createTokenSource } from './auth/tokens.ts';
import { readErrorReply } from './http/errors.ts';
import { createHttp, type HttpOptions, type HttpReply, type HttpRequest, type Send } from './http/http.ts';
import { type Redact, redactor } from './http/redact.ts';
import { DEFAULT_RETRY_POLICY, type RetryPolicy, withRetry } from './http/retry.ts';
import { attemptCall } from './http/send.ts';

export type CallOptions = HttpOptions & {
  secrets: SecretStore;
  clock: Clock;
  /** The time of a target's hosts, which dates signatures and decides over tokens and retention; `clock` unless given. */
  clockOf?: (target: Target) => Clock;
  observe: Observe;
  policy?: RetryPolicy;
  /** How calls for a token are repeated; `policy` unless given. */
  loginPolicy?: RetryPolicy;
  send?: Send;
  /** Milliseconds that only grow; the process's own unless a rehearsal brings another. */
  uptime?: () => number;
};

/** A reply of any status that is not a redirect, 429 or 5xx. `redact` knows the secrets that went with the request. */
export type Answer = {
  reply: HttpReply;
  projectId: string;
  redact: Redact;
  credentialKind: Credential['kind'];
  /** How long the answered attempt alone took. */
  callMilliseconds: number;
};

/** Calls for targets, with their tokens, signatures, repetitions and renewals. They throw an `ExportError`. */
export type AuthorizedCalls = {
  /** Makes one call. `requestFor` is handed the project's id, which may be known from the token alone. */
  call(target: Target, requestFor: (projectId: string) => HttpRequest, signal: AbortSignal): Promise<Answer>;
  /** The id of the project that a call would be for; calls IAM at most. */
  projectOf(target: Target, signal: AbortSignal): Promise<string>;
};

/** Keeps no state but caches: of tokens, and of how far the server's clock is from ours. */
export function createAuthorizedCalls({
  secrets,
  clock: ours,
  clockOf = () => ours,
  observe,
  timeOuts,
  proxies,
  uptime,
  policy = DEFAULT_RETRY_POLICY,
  loginPolicy = policy,
  send = createHttp({ timeOuts, proxies }),
}: CallOptions): AuthorizedCalls {
  const openSession = createSessions({
    secrets,
    clockOf,
    tokens: createTokenSource({ send, policy: loginPolicy, uptime }),
  });

  const contextOf = (target: Target, signal: AbortSignal) => ({
    signal,
    onWait: waitObserver(observe, target),
  });

  const projectOf: AuthorizedCalls['projectOf'] = async (target, signal) => {
    const { projectId } = await openSession(target)
      .authorize(contextOf(target, signal))
      .catch(markBeforeCall);
    return projectId;
  };

  const callFor: AuthorizedCalls['call'] = async (target, requestFor, signal) => {
    const context = contextOf(target, signal);
    const session = openSession(target);
    const clock = clockOf(target);

    const call = async (authorization: Authorization): Promise<Answer> => {
      const { projectId, credentialKind } = authorization;
      const requestWithoutAuth = requestFor(projectId);
      const redact = redactor(authorization.secrets);
      let sentAt = 0;
      const attempt = () => {
        sentAt = performance.now();
        return attemptCall(authorization.apply(requestWithoutAuth), { send, clock, redact, signal });
      };
      const reply = await withRetry(attempt, { ...context, policy });
      return { reply, projectId, redact, credentialKind, callMilliseconds: performance.now() - sentAt };
    };

    const answer = await call(await session.authorize(context).catch(markBeforeCall));
    if (answer.reply.status !== 401) return answer;
    const recovered = await session.recover(refusalOf(answer), context);
    return recovered ? await call(recovered) : answer;
  };

  return { call: callFor, projectOf };
}

function markBeforeCall(error: unknown): never {
  if (!(error instanceof InterruptedError)) throw error;
  throw new InterruptedError(error.message, { cause: error, isBeforeCall: true });
}

function refusalOf({ reply, redact }: Answer) {
  return refusalFrom(readErrorReply(reply, redact), reply.headers);
}

function waitObserver(observe: Observe, { id: targetId }: Target) {
  return (failure: UnavailableError, waitMilliseconds: number) => {
    if (failure.reason === 'throttled') observe({ type: 'call_throttled', targetId, waitMilliseconds });
    else observe({ type: 'call_repeated', targetId, waitMilliseconds, why: failure.summary });
  };
}
