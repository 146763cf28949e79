import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect } from 'vitest';
import { createSecretsFile } from '../../lib/adapters/secrets/local-file.ts';
import type { Check } from '../../lib/domain/check.ts';
import { DEMO_ACCOUNT } from '../../lib/emulator/iam/accounts.ts';
import type { EmulatorOptions } from '../../lib/emulator/options.ts';
import { createVendorDoctor } from '../../lib/huawei/doctor/vendor-doctor.ts';
import { ACCESS_KEY, PASSWORD, secretsFile, startHuawei, targetAt } from '../support/huawei/start-huawei.ts';
import { scriptedServer } from '../support/network/scripted-server.ts';

const never = new AbortController().signal;

export const withProject = { project_id: DEMO_ACCOUNT.project.id };
export const BY_TOKEN = { kind: 'token', token: 'fake-token-7f3a' };

/** The emulator, and doctors of its targets: `look` is one with the secret, `lookAs` makes a new one with another. */
export async function ready(
  secret: object = PASSWORD,
  options: EmulatorOptions = {},
  callMilliseconds = 5_000,
) {
  const huawei = await startHuawei(options);
  const lookAs = (credential: object) => {
    const secrets = createSecretsFile({ file: secretsFile({ 'huawei/acme': credential }) });
    const vendorDoctor = createVendorDoctor({ secrets, clock: huawei.clock, callMilliseconds });
    return async (settings: Record<string, unknown> = {}, signal = never) => {
      const known = await secrets.read('huawei/acme');
      return byCheck(await vendorDoctor(targetAt(huawei.origin, settings), known, signal));
    };
  };
  const count = (kind: string, status?: number) =>
    huawei.emulator
      .requests()
      .filter((request) => request.kind === kind && (status ?? request.status) === request.status).length;
  return { ...huawei, look: lookAs(secret), lookAs, count };
}

type Named = Check['check'] | 'iam_host' | 'export_host' | 'tasks_host';

/** The checks by name; those of hosts by what each host is for. */
function byCheck(checks: readonly Check[]): Partial<Record<Named, Check>> {
  const said = JSON.stringify(checks);
  for (const secret of ['fake-', PASSWORD.password, ACCESS_KEY.secret_access_key])
    expect(said).not.toContain(secret);
  expect(said).not.toMatch(/MII[\w-]{40}|signature=[0-9a-f]{64}/i);
  // A credential that is not a password needs no IAM.
  const names = ['tasks_host', 'export_host', 'iam_host'];
  const hosts = checks.filter(({ check }) => check === 'host').reverse();
  const others = checks.filter(({ check }) => check !== 'host');
  return Object.fromEntries([
    ...hosts.map((check, index) => [names[index], check]),
    ...others.map((check) => [check.check, check]),
  ]);
}

export const statuses = (checks: ReturnType<typeof byCheck>) =>
  Object.fromEntries(Object.entries(checks).map(([name, { status }]) => [name, status]));

export const step = (on: 'token' | 'export' | 'tasks', effect: object) =>
  ({ steps: [{ on, times: 'always', effect }] }) as NonNullable<EmulatorOptions['scenario']>;

export const ALL_OK = {
  iam_host: 'ok',
  export_host: 'ok',
  tasks_host: 'ok',
  clock: 'ok',
  credential: 'ok',
  export_permission: 'ok',
  list_permission: 'ok',
};

/** A server that says 401 as Huawei's gateway does to whoever has no credential, and to others what the test says. */
export async function huaweiLike(
  reply: (request: IncomingMessage, body: string) => [number, object],
): Promise<URL> {
  const unauthorized = { error_code: 'APIGW.0301', error_msg: 'x-auth-token not found' };
  return scriptedServer((request: IncomingMessage, response: ServerResponse) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      const hasCredential =
        request.headers['x-auth-token'] ?? request.headers['authorization'] ?? body.includes('"password"');
      const [status, document] = hasCredential ? reply(request, body) : [401, unauthorized];
      response.writeHead(status).end(JSON.stringify(document));
    });
  });
}
