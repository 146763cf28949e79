import { type Credential, secretsOf } from '../domain/credential.ts';
import { CredentialError } from '../domain/errors.ts';

/**
 * Lets one call with a user's password, or with a key, through at a time, and none with one that was refused before:
 * several targets may share it, at several doors, and each refusal brings the account or the key nearer to its lock.
 */
export function createCredentialGate() {
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
