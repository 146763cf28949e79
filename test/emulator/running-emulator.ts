import { onTestFinished } from 'vitest';
import { createEmulator, type Emulator } from '../../lib/emulator/emulator.ts';
import { DEMO_ACCOUNT } from '../../lib/emulator/iam/accounts.ts';
import type { EmulatorOptions } from '../../lib/emulator/options.ts';
import type { Host } from '../../lib/emulator/server/hosts.ts';
import { authorization, type SigningKey } from '../../lib/huawei/auth/signer.ts';

export const PROJECT = DEMO_ACCOUNT.project.id;
export const EXPORT_PATH = `/v1/${PROJECT}/session/user-connection/export`;
export const RECORDS_PATH = `/v1/${PROJECT}/session/user-connection`;
export const TASKS_PATH = `/v2/${PROJECT}/export-tasks`;

/** Noon of a day in the middle of a month: the time at which every test starts. */
export const NOON = Date.parse('2026-11-20T12:00:00Z');
export const MINUTE = 60_000;
export const DAY = 24 * 60 * MINUTE;

/** An emulator that lives as long as the test, and a clock that does not move until `time.now` is set. */
export type Running = {
  emulator: Emulator;
  origin: string;
  origins: Record<Host, string>;
  port: number;
  time: { now: number };
  call(path: string, init?: RequestInit): Promise<Response>;
  /** A token of the demo user; a text with the status when there is none. */
  mint(): Promise<string>;
  /** Posts an export as JSON, with the token where one is given. */
  submit(body: unknown, token?: string): Promise<Response>;
};

export async function runEmulator(options: EmulatorOptions = {}): Promise<Running> {
  const time = { now: NOON };
  const emulator = createEmulator({ clock: () => time.now, ...options });
  const { origin, origins, port } = await emulator.listen();
  onTestFinished(() => emulator.close());
  const call = (path: string, init?: RequestInit) => fetch(origin + path, init);
  return {
    emulator,
    origin,
    origins,
    port,
    time,
    call,
    mint: async () => {
      const reply = await call('/v3/auth/tokens?nocatalog=true', json(login()));
      return reply.headers.get('x-subject-token') ?? `no token: ${reply.status}`;
    },
    submit: (body, token = '') => call(EXPORT_PATH, json(body, { 'x-auth-token': token })),
  };
}

/** The body of a token call; by default of the demo user, for the demo project by name. */
export function login(
  account: { domain: string; user: string; password: string } = DEMO_ACCOUNT.user,
  scope: unknown = { project: { name: DEMO_ACCOUNT.project.name } },
): object {
  const user = { name: account.user, password: account.password, domain: { name: account.domain } };
  return { auth: { identity: { methods: ['password'], password: { user } }, scope } };
}

export function json(body: unknown, headers: Record<string, string> = {}): RequestInit {
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  };
}

/** The call that `init` describes, signed at `at`; every header in `headers` is signed. */
export function signed(
  url: string,
  { method, body, headers, key = DEMO_ACCOUNT.accessKey, at }: ToSign,
): RequestInit {
  const all = { host: new URL(url).host, 'x-sdk-date': compact(at ?? NOON), ...headers };
  const request = { method, url: new URL(url), headers: all, body: body ?? '' };
  return {
    method,
    headers: { ...all, authorization: authorization(request, key) },
    ...(body === undefined ? {} : { body }),
  };
}

type ToSign = {
  method: string;
  body?: string;
  headers?: Record<string, string>;
  key?: SigningKey;
  at?: number;
};

/** A signed export of all records. */
export function signedExport(origin: string, changes: Partial<ToSign> = {}): RequestInit {
  return signed(origin + EXPORT_PATH, {
    method: 'POST',
    body: '{}',
    ...changes,
    headers: { 'content-type': 'application/json', ...changes.headers },
  });
}

export function compact(at: number): string {
  return new Date(at).toISOString().replace(/[-:]|\.\d+/g, '');
}
