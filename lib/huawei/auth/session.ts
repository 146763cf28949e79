import { Temporal } from 'temporal-polyfill';
import { CredentialError, InputError, type VendorReply } from '../../domain/errors.ts';
import type { Credential } from '../../domain/input/credential.ts';
import type { Target } from '../../domain/input/target.ts';
import { type Instant, isBefore } from '../../domain/time/instant.ts';
import type { Clock, SecretStore } from '../../ports.ts';
import { hostsOf } from '../http/endpoints.ts';
import { parseHttpDate } from '../http/http-date.ts';
import { classify401, signatureTimes } from '../refusals/refusal-reason.ts';
import { type Authorization, keyAuthorization, tokenAuthorization } from './authorization.ts';
import type { TokenRequest, TokenSource } from './tokens.ts';

type CallContext = Parameters<TokenSource['get']>[1];

/** One target's right to call Huawei, and its renewal. */
export type Session = {
  authorize(context: CallContext): Promise<Authorization>;
  /**
   * After a 401: an authorization worth one more attempt, or undefined when the same credential again would only lock
   * the account or the key. A credential that was replaced in the store is always worth one.
   */
  recover(refusal: Refusal, context: CallContext): Promise<Authorization | undefined>;
};

export type Refusal = { vendor: VendorReply; serverTime: Instant | undefined };

/** A 401 with the server's time, from its `Date` or, where there is none, from its text. */
export function refusalFrom(vendor: VendorReply, headers: { date?: string | undefined }): Refusal {
  return { vendor, serverTime: parseHttpDate(headers.date) ?? signatureTimes(vendor)?.server };
}

type Options = { secrets: SecretStore; tokens: TokenSource; clockOf: (target: Target) => Clock };

/** Opens sessions. The clock's skew that a server reported is kept for the process, so it is learnt once for each target. */
export function createSessions(options: Options): (target: Target) => Session {
  const skews = new Map<string, Temporal.Duration>();
  return (target) => openSession(target, options, skews);
}

function openSession(target: Target, options: Options, skews: Map<string, Temporal.Duration>): Session {
  const { secrets, tokens } = options;
  const clock = options.clockOf(target);
  let used: { credential: Credential; token?: string } | undefined;

  const authorizeWith = async (credential: Credential, context: CallContext): Promise<Authorization> => {
    used = { credential };
    if (credential.kind === 'access_key') {
      const skew = skews.get(target.id) ?? new Temporal.Duration();
      return keyAuthorization(credential, requiredProject(target, credential), { clock, skew });
    }
    if (credential.kind === 'token')
      return tokenAuthorization(credential.token, requiredProject(target, credential), 'token');
    const token = await tokens.get(input({ target, clock }, credential), context);
    used = { credential, token: token.value };
    return tokenAuthorization(token.value, target.projectId ?? token.projectId, 'password');
  };

  // The store caches: a password may have been rotated since it was read. The same password again would lock the account.
  const authorize: Session['authorize'] = async (context) => {
    const known = await readUsable(secrets, target.credential, clock());
    try {
      return await authorizeWith(known, context);
    } catch (error) {
      const replacement = error instanceof CredentialError ? await readReplacement(known) : undefined;
      if (!replacement) throw error;
      return authorizeWith(replacement, context);
    }
  };

  const recover: Session['recover'] = async ({ vendor, serverTime }, context) => {
    const remedy = classify401(vendor);
    if (remedy === 'sign_again' && serverTime && used?.credential.kind === 'access_key') {
      skews.set(target.id, clock().until(serverTime));
      return authorizeWith(used.credential, context);
    }
    forgetToken();
    const known = used?.credential;
    const replacement = await readReplacement(known);
    if (replacement) return authorizeWith(replacement, context);
    return remedy === 'renew' && known?.kind === 'password' ? authorizeWith(known, context) : undefined;
  };

  // Where the store fails now, Huawei's refusal is reported; the store's failure shows at the next read.
  const readReplacement = async (known: Credential | undefined) => {
    const fresh = await secrets.read(target.credential, { fresh: true }).catch(() => undefined);
    return isSame(fresh, known) ? undefined : fresh;
  };

  const forgetToken = () => {
    if (used?.credential.kind === 'password' && used.token)
      tokens.forget(input({ target, clock }, used.credential), used.token);
  };

  return { authorize, recover };
}

// Somebody else renews the token, and may have replaced it since it was last read.
async function readUsable(secrets: SecretStore, name: string, now: Instant): Promise<Credential> {
  const known = await secrets.read(name);
  if (!isExpired(known, now)) return known;
  const fresh = await secrets.read(name, { fresh: true });
  if (!isExpired(fresh, now)) return fresh;
  throw new CredentialError(`The token in the secret "${name}" expired at ${fresh.expires_at}.`, {
    fix: 'Put a new token into the secret; whatever renews it has stopped.',
  });
}

function isSame(a: Credential | undefined, b: Credential | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

type ExpiringToken = Credential & { kind: 'token'; expires_at: Instant };

function isExpired(credential: Credential, now: Instant): credential is ExpiringToken {
  return (
    credential.kind === 'token' &&
    credential.expires_at !== undefined &&
    !isBefore(now, credential.expires_at)
  );
}

type Asking = { target: Target; clock: Clock };

function input({ target, clock }: Asking, credential: TokenRequest['credential']): TokenRequest {
  const project = target.projectId === undefined ? { name: target.region } : { id: target.projectId };
  return {
    iam: hostsOf(target.region, target.endpoints).iam,
    secret: target.credential,
    credential,
    project,
    clock,
  };
}

function requiredProject({ id, projectId }: Target, { kind }: Credential): string {
  if (projectId !== undefined) return projectId;
  throw new InputError(`Invalid target "${id}":`, [
    {
      path: 'project_id',
      message: `is missing, and a credential of kind "${kind}" does not say which project it is for`,
      fix: 'set project_id of the target; the console shows it under "My Credentials", one line for each region',
    },
  ]);
}
