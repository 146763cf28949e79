import type { LoginRecord } from './login-records.ts';
import { madeUpLogin } from './made-up-logins.ts';
import type { Attack } from './scenario-attack.ts';
import { timeFrom } from './scenario-time.ts';
import { createRandom } from './seeded-random.ts';

/**
 * The logins of the attacks of a scenario that is taken up at `startedAt`. The same attacks give the same logins, but
 * for the times of those that are told by their distance from the start.
 */
export function attackLogins(attacks: readonly Attack[], startedAt: number): LoginRecord[] {
  return attacks.flatMap((attack, index) => loginsOf(attack, index, startedAt));
}

function loginsOf(attack: Attack, index: number, startedAt: number): LoginRecord[] {
  const random = createRandom(SEED + index);
  const from = timeFrom(attack.from, startedAt);
  const step = (timeFrom(attack.to, startedAt) - from) / attack.logins;
  const common = commonTo(attack, index);
  return Array.from({ length: attack.logins }, (_, number) => ({
    ...madeUpLogin(
      { ...ATTACKED, start: Math.floor(from + number * step), failure: failureOf(attack) },
      random,
    ),
    ...common,
  }));
}

// Far from the seeds of the logins of ordinary days.
const SEED = 0xa7_7a_c4_00;

const ATTACKED = { user: 1, server: 1 };

function failureOf({ failed }: Attack) {
  return failed
    ? { failed_code: '401', failed_reason: 'The user name or password is incorrect.' }
    : undefined;
}

function commonTo({ public_ip, user_name, machine_name }: Attack, index: number): LoginRecord {
  return {
    // No login of an ordinary day comes from these four.
    public_ip: public_ip ?? `203.0.113.${251 + (index % 4)}`,
    ...(user_name === undefined ? {} : { user_name }),
    ...(machine_name === undefined ? {} : { machine_name }),
  };
}
