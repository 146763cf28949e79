import type { AccessKey } from './access-keys.ts';

/** An IAM user, who can get tokens. `domain` is the name of the account of the user. */
export type Account = { domain: string; user: string; password: string };

/** A project of the account; `name` is a region's id for the region's default project. */
export type Project = { id: string; name: string };

/** Source: Huawei's IAM FAQ. The administrator of an account chooses the number of wrong passwords. */
const LOCK_MILLISECONDS = 15 * 60_000;

type Entry = Account & { wrongPasswords: number; lockedUntil: number };

/** The users and their passwords. Repeated wrong passwords lock a user for 15 minutes. */
export function createAccounts(accounts: readonly Account[], wrongPasswordsBeforeLock: number) {
  const entries = new Map(accounts.map((account) => [nameOf(account), entryOf(account)]));

  return {
    check: (login: Account, now: number): 'right' | 'wrong' | 'locked' => {
      const entry = entries.get(nameOf(login));
      if (!entry) return 'wrong';
      if (now < entry.lockedUntil) return 'locked';
      if (entry.password === login.password) {
        entry.wrongPasswords = 0;
        return 'right';
      }
      entry.wrongPasswords += 1;
      if (entry.wrongPasswords >= wrongPasswordsBeforeLock) {
        entry.lockedUntil = now + LOCK_MILLISECONDS;
        entry.wrongPasswords = 0;
      }
      return 'wrong';
    },
    /** Adds a user, or changes the password of an existing user. The user is unlocked then. */
    set: (account: Account): void => void entries.set(nameOf(account), entryOf(account)),
  };
}

function entryOf(account: Account): Entry {
  return { ...account, wrongPasswords: 0, lockedUntil: 0 };
}

function nameOf({ domain, user }: Account): string {
  return JSON.stringify([domain, user]);
}

/** The account of an emulator without accounts of its own: fake, the same everywhere, and no secret. */
export const DEMO_ACCOUNT = {
  user: { domain: 'demo-company', user: 'login-exporter', password: 'demo-password' } satisfies Account,
  accessKey: {
    accessKeyId: 'DEMOACCESSKEY0000001',
    secretAccessKey: 'demo-secret-access-key-that-opens-nothing',
  } satisfies AccessKey,
  project: { id: '2b31ed520de0a0e0aebedb6e57de0000', name: 'ap-southeast-3' } satisfies Project,
};

/** The id of a thing that has only a name here: 32 hex digits. */
export function hexOf(text: string): string {
  return Buffer.from(text.padEnd(16, '.')).toString('hex').slice(0, 32);
}
