import { CredentialError } from '../../domain/errors.ts';
import { type Credential, secretsOf } from '../../domain/input/credential.ts';

/** Whose password is tried, and at which host. */
type Login = { iam: string; credential: { domain: string; user: string; password: string } };

type Refused = { password: string; error: CredentialError; untilMilliseconds: number };

/** As long as IAM locks an account after some wrong passwords (IAM FAQ). */
const LOCK_MILLISECONDS = 15 * 60_000;

/**
 * Lets one login of a user through at a time, and none with a password that IAM refused a moment ago: a wrong password
 * in a secret that many targets share would else lock the account. Another password is let through at once. `uptime` is
 * in milliseconds and never set back: a clock that is put right must neither lift nor lengthen it.
 */
export function createLoginGuard(uptime: () => number) {
  const turns = new Map<string, Promise<unknown>>();
  const refusals = new Map<string, Refused>();

  const logIn = async <Result>(
    user: string,
    password: string,
    work: () => Promise<Result>,
  ): Promise<Result> => {
    const refused = refusals.get(user);
    if (refused?.password === password && uptime() < refused.untilMilliseconds) throw refused.error;
    try {
      return await work();
    } catch (error) {
      if (error instanceof CredentialError)
        refusals.set(user, { password, error, untilMilliseconds: uptime() + LOCK_MILLISECONDS });
      throw error;
    }
  };

  return <Result>({ iam, credential }: Login, work: () => Promise<Result>): Promise<Result> => {
    const user = JSON.stringify([iam, credential.domain, credential.user]);
    const before = turns.get(user) ?? Promise.resolve();
    const turn = before.then(() => logIn(user, credential.password, work));
    // How the one before ended is its caller's business.
    turns.set(
      user,
      turn.catch(() => undefined),
    );
    return turn;
  };
}

/**
 * Lets one call with a user's password, or with a key, through at a time, and none with one that was refused before:
 * several targets may share it, at several doors, and each refusal brings the account or the key nearer to its lock.
 */
export function createCredentialGuard() {
  const turns = new Map<string, Promise<unknown>>();
  const refused: { credential: Credential; error: CredentialError }[] = [];

  const enter = async <Result>(credential: Credential, work: () => Promise<Result>): Promise<Result> => {
    const before = refused.find((one) => isSame(one.credential, credential));
    if (before) throw before.error;
    try {
      return await work();
    } catch (error) {
      if (error instanceof CredentialError) refused.push({ credential, error });
      throw error;
    }
  };

  return <Result>(credential: Credential, work: () => Promise<Result>): Promise<Result> => {
    const owner = ownerOf(credential);
    // A token that is refused locks nothing, and is often good for another project.
    if (owner === undefined) return work();
    const turn = (turns.get(owner) ?? Promise.resolve()).then(() => enter(credential, work));
    turns.set(
      owner,
      // How the one before ended is its caller's business.
      turn.catch(() => undefined),
    );
    return turn;
  };
}

function ownerOf(credential: Credential): string | undefined {
  switch (credential.kind) {
    case 'password':
      return JSON.stringify([credential.domain, credential.user]);
    case 'access_key':
      return credential.access_key_id;
    case 'token':
      return undefined;
  }
}

function isSame(one: Credential, other: Credential): boolean {
  return ownerOf(one) === ownerOf(other) && String(secretsOf(one)) === String(secretsOf(other));
}
