import { CredentialError } from '../domain/errors.ts';

/** Whose password is tried, and at which door. */
type Login = { iam: string; credential: { domain: string; user: string; password: string } };

type Refused = { password: string; error: CredentialError; untilMilliseconds: number };

/** As long as IAM locks an account after some wrong passwords (IAM FAQ). */
const LOCK_MILLISECONDS = 15 * 60_000;

/**
 * Lets one login of a user through at a time, and none with a password that IAM refused a moment ago: a wrong password
 * in a secret that many targets share would else lock the account. Another password is let through at once. `uptime` is
 * in milliseconds and never set back: a clock that is put right must neither lift nor lengthen it.
 */
export function createLoginGate(uptime: () => number) {
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
