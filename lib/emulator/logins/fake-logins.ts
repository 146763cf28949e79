import type { LoginRecord } from './login-records.ts';
import { createRandom, type Random } from './random.ts';

const DAY = 86_400_000;

const DEVICES = [
  { client_type: 'Windows 10', client_version: '23.2.2.0', prefix: 'PC' },
  { client_type: 'Windows 11', client_version: '24.1.0.3', prefix: 'PC' },
  { client_type: 'Mac', client_version: '23.2.1.0', prefix: 'MAC' },
] as const;

const FAILURES = [
  { failed_code: '401', failed_reason: 'The user name or password is incorrect.' },
  { failed_code: '500', failed_reason: 'The application server did not answer.' },
  { failed_code: '503', failed_reason: 'No session is free, "standard" group.' },
] as const;

const SERVERS = 6;
const USERS = 24;
const TENANT = 'a4da8115c9d8464ead3a309130523f00';

/** The fake logins of one day, in the order of their start; `day` counts from 1970. The same seed and day give the same logins. */
export function loginsOfDay(day: number, { seed, perDay }: { seed: number; perDay: number }): LoginRecord[] {
  const random = createRandom(seed * 1_000_003 + day);
  return Array.from({ length: perDay }, () => day * DAY + random.below(DAY))
    .sort((a, b) => a - b)
    .map((start) => loginAt(start, random));
}

function loginAt(start: number, random: Random): LoginRecord {
  const user = random.below(USERS) + 1;
  const server = random.below(SERVERS) + 1;
  const failure = random.below(12) === 0 ? random.pick(FAILURES) : undefined;
  return fakeLogin({ start, user, server, failure }, random);
}

type Failure = { failed_code: string; failed_reason: string };

/** A login of a fake user on a fake server, both numbered from 1. Without a failure the login succeeded. */
export function fakeLogin(
  {
    start,
    user,
    server,
    failure,
  }: { start: number; user: number; server: number; failure: Failure | undefined },
  random: Random,
): LoginRecord {
  const end = failure ? start : start + 60_000 + random.below(9 * 3_600_000);
  return {
    id: random.hex(32),
    connect_type: random.below(5) === 0 ? '1' : '2',
    desktop_group_name: '',
    pre_conn_time: timeText(start - 800 - random.below(3000)),
    start_time: timeText(start),
    // Some sessions are never closed properly.
    ...(random.below(40) === 0 ? {} : { end_time: timeText(end) }),
    failed_reason: failure?.failed_reason ?? '',
    failed_code: failure?.failed_code ?? '',
    connect_flag: '0',
    update_time: timeText(end),
    tenant_id: TENANT,
    virtual_ip: '',
    ...personAndDevice(user, random),
    ...applicationServer(server),
  };
}

// Addresses of the blocks that are reserved for documentation (RFC 5737, RFC 7042).
function personAndDevice(user: number, random: Random): LoginRecord {
  const { prefix, client_type, client_version } = DEVICES[user % DEVICES.length] ?? DEVICES[0];
  const two = String(user).padStart(2, '0');
  return {
    user_name: `user0${two}@demo-company.example`,
    client_mac: `00-00-5e-00-53-${(user + 16).toString(16)}`,
    client_name: `${prefix}-${1000 + user}`,
    client_ip: `192.0.2.${user}`,
    client_type,
    client_version,
    public_ip: random.below(8) === 0 ? `203.0.113.${random.below(250) + 1}` : '198.51.100.7',
  };
}

function applicationServer(server: number): LoginRecord {
  return {
    machine_sid: `S-1-5-21-1213649063-2001-3003-${1400 + server}`,
    machine_name: `APS-DEMO${server}`,
    agent_version: '23.2.2.0423',
    vm_ip: `10.0.0.${server}`,
    wi_ip: `10.0.1.${server}\\#198.51.100.20`,
  };
}

function timeText(at: number): string {
  return new Date(at).toISOString();
}
