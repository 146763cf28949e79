import { InterruptedError, UnavailableError } from '../../domain/errors.ts';
import { type PasswordCredential, secretsOf } from '../../domain/input/credential.ts';
import { type Instant, isBefore } from '../../domain/time/instant.ts';
import type { Clock } from '../../ports.ts';
import type { HttpReply, Send } from '../http/http.ts';
import { redactor } from '../http/redact.ts';
import { type RetryPolicy, withRetry } from '../http/retry.ts';
import { attemptCall } from '../http/send.ts';
import { unavailable } from '../http/unavailable.ts';
import { createLockoutGuard } from './lockout-guard.ts';
import { type ProjectScope, readToken, type Token, tokenRequest } from './token-call.ts';

/** What a token is asked for, and from which host. `secret` is the name under which the credential is kept. */
export type TokenRequest = {
  iam: string;
  secret: string;
  credential: PasswordCredential;
  project: ProjectScope;
  /** Whose time decides over the token's life. */
  clock: Clock;
};

type CallContext = {
  signal: AbortSignal;
  onWait: (failure: UnavailableError, milliseconds: number) => void;
};

export type TokenSource = {
  /** A token that is valid for 20 minutes more, from memory where there is one. Callers who come together share one request. */
  get(input: TokenRequest, context: CallContext): Promise<Token>;
  /** Drops a token that Huawei no longer takes, unless it has been replaced already. */
  forget(input: TokenRequest, rejected: string): void;
};

// Tokens live 24 h. A run of 15 minutes that begins with this one must be able to end with it.
const SAFETY_MARGIN = { minutes: 20 };

type Options = {
  send: Send;
  policy: RetryPolicy;
  /** Milliseconds that only grow: for how long a refused password is not tried again. */
  uptime?: (() => number) | undefined;
};
type Entry = { minting: Promise<Token>; token?: Token };

export function createTokenSource(options: Options): TokenSource {
  const entries = new Map<string, Entry>();
  const guarded = createLockoutGuard(options.uptime);

  const get: TokenSource['get'] = (input, context) => {
    const key = keyOf(input);
    const entry = entries.get(key);
    if (entry && !isStale(entry, input.clock())) return join(entry, input, context);
    const minting = guarded({ credential: input.credential, host: input.iam }, () =>
      mint(input, context, options),
    );
    const fresh: Entry = { minting };
    entries.set(key, fresh);
    minting.then(
      (token) => Object.assign(fresh, { token }),
      () => drop(key, fresh),
    );
    return minting;
  };

  // Where the first caller is stopped before the answer, those who share its request ask again.
  const join = async (entry: Entry, input: TokenRequest, context: CallContext): Promise<Token> => {
    try {
      return await entry.minting;
    } catch (error) {
      if (!(error instanceof InterruptedError) || context.signal.aborted) throw error;
      return get(input, context);
    }
  };

  const forget: TokenSource['forget'] = (input, rejected) => {
    const entry = entries.get(keyOf(input));
    if (entry?.token?.value === rejected) drop(keyOf(input), entry);
  };

  // A failure is not remembered; a newer entry stays.
  const drop = (key: string, entry: Entry) => {
    if (entries.get(key) === entry) entries.delete(key);
  };

  return { get, forget };
}

function isStale({ token }: Entry, now: Instant): boolean {
  return token !== undefined && !isBefore(now.add(SAFETY_MARGIN), token.expiresAt);
}

async function mint(input: TokenRequest, context: CallContext, { send, policy }: Options): Promise<Token> {
  const redact = redactor(secretsOf(input.credential));
  const request = tokenRequest(input.iam, input.credential, input.project);
  const attempt = () => attemptCall(request, { send, clock: input.clock, redact, signal: context.signal });
  const reply = await withRetry<HttpReply>(attempt, { ...context, policy }).catch(markAsLoginFailure);
  return readToken(reply, input, redact);
}

// The call that needs the token goes to another host, which must not be blamed.
function markAsLoginFailure(error: unknown): never {
  if (!(error instanceof UnavailableError)) throw error;
  const { summary, cause, reason, vendor } = error;
  throw unavailable(summary, { cause, reason, isOfLogin: true, vendor });
}

// The password is not part of the key, so that no map holds it. The secret's name is: of two secrets of one user, one may
// hold a wrong password.
function keyOf({ iam, secret, credential, project }: TokenRequest): string {
  return JSON.stringify([iam, secret, credential.domain, credential.user, project]);
}
