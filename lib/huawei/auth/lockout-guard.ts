import { CredentialError } from '../../domain/errors.ts';
import { type Credential, secretsOf } from '../../domain/input/credential.ts';

/** A credential that is to be used, and at which host; without a host, wherever it may be rejected. */
type Use = { credential: Credential; host?: string };

/**
 * Keeps accounts and keys from being locked. Lets one use of a user's password, or of an access key, through at a time,
 * and none with a secret that was rejected a moment ago: many targets may share it, and each rejection brings the lock
 * nearer. Another password, or another key, is let through at once. `uptime` is in milliseconds and is never set back: a
 * corrected clock must neither lift nor lengthen the pause.
 */
export function createLockoutGuard(uptime: () => number = () => performance.now()) {
  const turns = new Map<string, Promise<unknown>>();
  let rejections: Rejection[] = [];

  const enter = async <Result>(key: UseKey, work: () => Promise<Result>): Promise<Result> => {
    rejections = rejections.filter(({ untilMilliseconds }) => uptime() < untilMilliseconds);
    const before = rejections.find(({ owner, secret }) => owner === key.owner && secret === key.secret);
    if (before) throw before.error;
    try {
      return await work();
    } catch (error) {
      if (error instanceof CredentialError)
        rejections.push({ ...key, error, untilMilliseconds: uptime() + LOCK_MILLISECONDS });
      throw error;
    }
  };

  return <Result>(use: Use, work: () => Promise<Result>): Promise<Result> => {
    const key = keyOf(use);
    if (key === undefined) return work();
    const turn = (turns.get(key.owner) ?? Promise.resolve()).then(() => enter(key, work));
    // Each caller learns of its own failure; the next one in the queue must not fail by it.
    turns.set(
      key.owner,
      turn.catch(() => undefined),
    );
    return turn;
  };
}

/** As long as IAM locks an account after some wrong passwords (IAM FAQ). */
const LOCK_MILLISECONDS = 15 * 60_000;

type UseKey = { owner: string; secret: string };

type Rejection = UseKey & { error: CredentialError; untilMilliseconds: number };

function keyOf({ credential, host }: Use): UseKey | undefined {
  const secret = JSON.stringify(secretsOf(credential));
  switch (credential.kind) {
    case 'password':
      return { owner: JSON.stringify([host, credential.domain, credential.user]), secret };
    case 'access_key':
      return { owner: JSON.stringify([host, credential.access_key_id]), secret };
    case 'token':
      // A rejected token locks nothing, and is often valid for another project.
      return undefined;
  }
}
