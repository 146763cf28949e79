import type { LoginRecord, LoginSource } from './login-records.ts';
import { byStart, findLogins, type Search } from './logins.ts';

/** The logins of ordinary days and, beside them, those of attacks. */
export function createKnownLogins(ordinary: LoginSource) {
  let attacking: readonly LoginRecord[] = [];

  return {
    /** As `findLogins`, in both. */
    find: (search: Search): LoginRecord[] => {
      const found = findLogins(ordinary, search);
      const attack = findLogins(attacking, search);
      return attack.length === 0 ? found : [...found, ...attack].sort(byStart);
    },
    /** Replaces the logins of attacks. */
    setAttack: (logins: readonly LoginRecord[]): void => {
      attacking = logins;
    },
  };
}
