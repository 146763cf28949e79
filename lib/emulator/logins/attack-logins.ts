import { fakeLogin } from './fake-logins.ts';
import type { LoginRecord } from './login-records.ts';
import { createRandom } from './random.ts';

/** Logins of one person from one address, spread evenly over `[start, end)`, in milliseconds since the epoch. */
export type Attack = {
  start: number;
  end: number;
  logins: number;
  /** Whether every login failed. */
  failed: boolean;
  public_ip?: string | undefined;
  user_name?: string | undefined;
  machine_name?: string | undefined;
};

/** The logins of attacks. The same attacks give the same logins. */
export function attackLogins(attacks: readonly Attack[]): LoginRecord[] {
  return attacks.flatMap(loginsOf);
}

function loginsOf(attack: Attack, index: number): LoginRecord[] {
  const random = createRandom(SEED + index);
  const step = (attack.end - attack.start) / attack.logins;
  const common = commonFields(attack, index);
  return Array.from({ length: attack.logins }, (_, number) => ({
    ...fakeLogin(
      { ...ATTACKED, start: Math.floor(attack.start + number * step), failure: failureOf(attack) },
      random,
    ),
    ...common,
  }));
}

// Far from the seeds of the logins of ordinary days.
const SEED = 0xa7_7a_c4_00;

const ATTACKED = { user: 1, server: 1 };

function commonFields({ public_ip, user_name, machine_name }: Attack, index: number): LoginRecord {
  return {
    // No login of an ordinary day comes from these four addresses.
    public_ip: public_ip ?? `203.0.113.${251 + (index % 4)}`,
    ...(user_name === undefined ? {} : { user_name }),
    ...(machine_name === undefined ? {} : { machine_name }),
  };
}

function failureOf({ failed }: Attack) {
  return failed
    ? { failed_code: '401', failed_reason: 'The user name or password is incorrect.' }
    : undefined;
}
