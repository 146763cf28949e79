import { expect, it } from 'vitest';
import { DEMO_ACCOUNT } from '../../../lib/emulator/iam/accounts.ts';
import { login } from '../../support/command/command-line.ts';

const { user, project } = DEMO_ACCOUNT;

/** Runs the command until `work` is done with the origin that it listens on. */
async function whileRunning(words: readonly string[], work: (origin: string) => Promise<void>) {
  const stop = new AbortController();
  let working: Promise<void> | undefined;
  const onOutput = (text: string) => {
    const origin = /"origin":"([^"]+)"/.exec(text)?.[1];
    if (origin) working ??= work(origin).finally(() => stop.abort());
  };
  const printed = await login(['emulator', '--port', '0', '--json', ...words], {
    signal: stop.signal,
    onOutput,
  });
  await working;
  return printed;
}

async function order(origin: string, token: string): Promise<Response> {
  return await fetch(`${origin}/v1/${project.id}/session/user-connection/export`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-auth-token': token },
    body: JSON.stringify({ public_ip: '203.0.113.45' }),
  });
}

async function mint(origin: string): Promise<string> {
  const identity = {
    methods: ['password'],
    password: { user: { name: user.user, password: user.password, domain: { name: user.domain } } },
  };
  const reply = await fetch(`${origin}/v3/auth/tokens?nocatalog=1`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ auth: { identity, scope: { project: { id: project.id } } } }),
  });
  return reply.headers.get('x-subject-token') ?? '';
}

it('plays a scenario that comes with it by name, and says what happens in it', async () => {
  const statuses: number[] = [];
  const { status, stderr } = await whileRunning(['--scenario', 'alert-storm'], async (origin) => {
    const token = await mint(origin);
    for (let n = 0; n < 21; n += 1) statuses.push((await order(origin, token)).status);
  });
  expect(status).toBe(130);
  expect(statuses).toEqual([...Array(20).fill(200), 429]);
  expect(stderr).toContain('From 203.0.113.45 somebody tries passwords');
  expect(stderr).toContain('over the quota of 20 exports in 600 seconds');
});

it('without a scenario nothing is refused', async () => {
  const statuses: number[] = [];
  await whileRunning([], async (origin) => {
    const token = await mint(origin);
    for (let n = 0; n < 21; n += 1) statuses.push((await order(origin, token)).status);
  });
  expect(statuses).toEqual(Array(21).fill(200));
});

it('names the scenarios that come with it in its help', async () => {
  const { stdout } = await login(['emulator', '--help']);
  expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
    '--scenario <scenario> what goes wrong: alert-storm, or a file',
  );
});

it('refuses a scenario that is neither known nor a file, with the names of those that are', async () => {
  const { status, stderr } = await login(['emulator', '--port', '0', '--scenario', 'storm']);
  expect(status).toBe(2);
  expect(stderr).toContain('one of the scenarios that come with the emulator: alert-storm');
});
