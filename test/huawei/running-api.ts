import { writeFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { expect } from 'vitest';
import { createSecretsFile } from '../../lib/adapters/secrets/local-file.ts';
import { ExportError } from '../../lib/domain/errors.ts';
import type { RunEvent } from '../../lib/domain/exports/run-events.ts';
import type { Target } from '../../lib/domain/input/target.ts';
import { DEMO_ACCOUNT } from '../../lib/emulator/iam/accounts.ts';
import type { EmulatorOptions } from '../../lib/emulator/options.ts';
import { createExportApi } from '../../lib/huawei/export-api.ts';
import type { Clock, TaskPageOptions } from '../../lib/ports.ts';
import { ACCESS_KEY, PASSWORD, secretsFile, startHuawei, targetAt } from '../support/huawei/start-huawei.ts';
import { scriptedServer } from '../support/network/scripted-server.ts';

export const policy = { attempts: 4, firstWaitMilliseconds: 5, factor: 2, longestWaitMilliseconds: 5_000 };
const timeOuts = { connect: 1_000, headers: 300, body: 300 };

export const never = new AbortController().signal;
export const withProject = { project_id: DEMO_ACCOUNT.project.id };

// All that was said on the way, for people and machines; none of it may hold a secret, a token or a signature.
const said: unknown[] = [];
const SECRETS = [DEMO_ACCOUNT.user.password, DEMO_ACCOUNT.accessKey.secretAccessKey, 'fake-'];

/** To be done after each test. */
export function expectNothingSecretSaid(): void {
  const everything = said.splice(0).map((thing) => inspect(thing, { depth: 20 }) + JSON.stringify(thing));
  expect(SECRETS.filter((secret) => everything.join().includes(secret))).toEqual([]);
  expect(everything.join()).not.toMatch(/MII[\w-]{40}|signature=[0-9a-f]{64}/i);
}

/** The emulator, and the client with one secret and a patience that suits a test. */
export async function runApi(
  credential: object = PASSWORD,
  options: EmulatorOptions = {},
  clockOf?: (target: Target) => Clock,
) {
  const huawei = await startHuawei(options);
  const file = secretsFile({ 'huawei/acme': credential });
  const events: RunEvent[] = [];
  const observe = (event: RunEvent) => {
    events.push(event);
    said.push(event);
  };
  const { clock } = huawei;
  const up = { milliseconds: 0 };
  const api = createExportApi({
    secrets: createSecretsFile({ file }),
    clock,
    policy,
    timeOuts,
    observe,
    uptime: () => up.milliseconds,
    ...(clockOf ? { clockOf } : {}),
  });
  const submit = (settings: Record<string, unknown> = {}, signal = never) => {
    const span = { start: clock().subtract({ hours: 25 }), end: clock().subtract({ hours: 1 }) };
    return api.submit(targetAt(huawei.origin, settings), { span, filters: {} }, signal);
  };
  const list = (
    page: Partial<TaskPageOptions> = {},
    settings: Record<string, unknown> = {},
    signal = never,
  ) => api.listTasks(targetAt(huawei.origin, settings), { isDownloaded: false, offset: 0, ...page }, signal);
  const replaceSecret = (secret: object, more: object = {}) =>
    writeFileSync(file, JSON.stringify({ 'huawei/acme': secret, ...more }), { mode: 0o600 });
  const count = (kind: string) =>
    huawei.emulator.requests().filter((request) => request.kind === kind).length;
  return { ...huawei, submit, list, events, replaceSecret, count, up };
}

export async function failure(work: Promise<unknown>): Promise<ExportError> {
  const error = await work.then(
    () => new Error('It was accepted.'),
    (thrown: unknown) => thrown,
  );
  said.push(error);
  if (error instanceof ExportError) return error;
  throw error;
}

/** A gateway whose every message holds headers and body of the request, and what it may know of the key. */
export async function echoServer(status: number, reply: (quoted: string) => object = asError) {
  return scriptedServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      const known = request.headers['authorization'] ? ACCESS_KEY.secret_access_key : '';
      const quoted = `${JSON.stringify(request.headers)} ${body} ${known}`;
      response.writeHead(status).end(JSON.stringify(reply(quoted.slice(0, 450))));
    });
  });
}

function asError(quoted: string): object {
  return { error_code: 'X.1', error_msg: `bad: ${quoted}` };
}
