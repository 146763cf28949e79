import { execSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import type { Check } from '../../../lib/domain/check.ts';
import { DEMO_ACCOUNT } from '../../../lib/emulator/iam/accounts.ts';
import type { EmulatorOptions } from '../../../lib/emulator/options.ts';
import { login, loginAsOther } from '../../support/command/command-line.ts';
import { ACCESS_KEY, PASSWORD, secretsFile, startHuawei } from '../../support/huawei/start-huawei.ts';
import { scriptedServer } from '../../support/network/scripted-server.ts';
import { temporaryFolder } from '../../support/vitest/temporary-folder.ts';

const NOW = '2026-11-23T00:35:00Z';
const project_id = DEMO_ACCOUNT.project.id;

type SetUp = { targets?: object[]; secret?: object; emulator?: EmulatorOptions };

/** The emulator, a targets file (one target unless told otherwise) and a secrets file. */
async function setUp({ targets: changes = [{}], secret = PASSWORD, emulator: options = {} }: SetUp = {}) {
  const { emulator, origin } = await startHuawei(options, NOW);
  const folder = temporaryFolder();
  const [targets, state] = [join(folder, 'targets.yml'), join(folder, 'state')];
  const endpoints = { iam: origin, export: origin, tasks: origin };
  const least = { id: 'acme', region: DEMO_ACCOUNT.project.name, credential: 'huawei/acme', endpoints };
  writeFileSync(targets, stringify({ targets: changes.map((change) => ({ ...least, ...change })) }));
  const secrets = secretsFile({ 'huawei/acme': secret }, folder);
  const files = ['--targets', targets, '--state', state, '--now', NOW];
  const command = (...words: string[]) => [...words, ...files, '--secrets', secrets];
  const doctor = async (...words: string[]) => {
    const printed = await login([...command('doctor'), '--json', ...words]);
    const checks: (Check & { target_id: string })[] = JSON.parse(printed.stdout).checks;
    expectFitForPeople(printed.stderr);
    expectNothingSecret(printed.stdout + printed.stderr);
    return { ...printed, checks, of: (check: string) => checks.find((one) => one.check === check) };
  };
  return { emulator, folder, targets, secrets, state, command, doctor };
}

function expectFitForPeople(text: string): void {
  expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
  expect(text).not.toMatch(/[\p{Cc}--\n]/v);
}

function expectNothingSecret(text: string): void {
  const secrets = ['fake-', PASSWORD.password, ACCESS_KEY.secret_access_key];
  expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
  expect(text).not.toMatch(/MII[\w-]{40}|signature=[0-9a-f]{64}/i);
}

describe('a target that is well', () => {
  it('has twelve checks, in their order, and the exit status 0', async () => {
    const { doctor, emulator, folder } = await setUp();
    const { status, checks, stderr } = await doctor();
    expect(status).toBe(0);
    expect(checks.map(({ target_id, check, status }) => [target_id, check, status])).toEqual(
      [
        ...['settings', 'state', 'coverage', 'schedule', 'secret', 'host', 'host', 'host', 'clock'],
        ...['credential', 'export_permission', 'list_permission'],
      ].map((check) => ['acme', check, 'ok']),
    );
    expect(checks.filter((check) => 'fix' in check)).toEqual([]);
    expect(stderr).toContain('✓ export permission Allowed, as far as it shows');
    expect(stderr).toContain('1 target, 12 checks: 12 ok, 0 warnings, 0 failed, 0 skipped.');
    expect(emulator.tasks()).toEqual([]);
    expect(readdirSync(folder).sort()).toEqual(['secrets.json', 'targets.yml']);
  });

  it('is told to people on standard output, and that the clock is not the real one', async () => {
    const { command } = await setUp();
    const { status, stdout, stderr } = await login(command('doctor'));
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('Simulated clock:');
    expect(stdout).toContain('\nacme\n  ✓ settings          Region ap-southeast-3');
  });

  it('is well after a run, too', async () => {
    const { doctor, command } = await setUp();
    await login(command('run'));
    const { status, of } = await doctor();
    expect(status).toBe(0);
    expect(of('state')?.message).toBe('The state is there and can be written.');
    expect(of('coverage')?.message).toBe('Coverage began at 2026-11-22T00:00:00Z.');
  });

  it('but for exports that nobody confirms is warned of them, with what the task list said last', async () => {
    const { emulator, command } = await setUp();
    const unlisted = { on: 'export', effect: { type: 'export_reply', task_id: 'not-in-the-list' } } as const;
    emulator.setScenario({ steps: [unlisted] });
    await login(command('run', '--at', '2026-11-23T00:35:00Z'));
    const later = (name: string, now: string) =>
      login(command(name).map((word) => (word === NOW ? now : word)));
    const confirmation = async (now: string) => {
      const { status, stdout } = await login(
        [...command('doctor'), '--json'].map((word) => (word === NOW ? now : word)),
      );
      const checks: Check[] = JSON.parse(stdout).checks;
      return { status, found: checks.filter(({ check }) => check === 'confirmation') };
    };
    expect((await confirmation('2026-11-24T02:00:00Z')).found).toEqual([]);
    const { status, found } = await confirmation('2026-11-24T03:35:00Z');
    expect([status, found]).toEqual([
      0,
      [
        {
          target_id: 'acme',
          check: 'confirmation',
          status: 'warning',
          message: expect.stringMatching(
            /^1 published window has not been confirmed for more than a day, the first since 2026-11-23T00:35:\d\dZ\.$/,
          ),
          fix: "Do a run or a sweep, which asks Huawei's list. If list_permission or a host failed here, fix that first.",
        },
      ],
    ]);
    expect((await later('run', '2026-11-24T03:35:00Z')).status).toBe(1);
    expect((await confirmation('2026-11-24T03:36:00Z')).found).toMatchObject([
      {
        message: expect.stringContaining(
          "Task not-in-the-list is not in Huawei's task list, although the list answers.",
        ),
        fix: "login-export status shows each of them. Look for the task in Huawei's console, or ask Huawei.",
      },
    ]);
  });

  it('may be one that is not enabled, when it is named', async () => {
    const { doctor } = await setUp({ targets: [{}, { id: 'off', enabled: false }] });
    expect((await doctor()).checks.map(({ target_id }) => target_id)).not.toContain('off');
    expect((await doctor('--target', 'off')).checks.map(({ target_id }) => target_id)).toContain('off');
  });
});

describe('the secret', () => {
  it.each<[string, unknown, string, string]>([
    [
      'of an unknown kind',
      { kind: 'pasword' },
      'kind must be "password", "token" or "access_key"',
      'Write "huawei/acme": {"kind": "password", "domain": "<account>",',
    ],
    [
      'with a key too few',
      { kind: 'token' },
      'token is missing (must be text)',
      'Write "huawei/acme": {"kind": "token", "token": "<token>"}',
    ],
    [
      'that is no object',
      'fake-text',
      'must be an object',
      'Write "huawei/acme": {"kind": "password", "domain": "<account>",',
    ],
  ])('%s is a failure, and what needs it is skipped', async (_, secret, said, fix) => {
    const { doctor, secrets } = await setUp();
    writeFileSync(secrets, JSON.stringify({ 'huawei/acme': secret }));
    const { status, of, checks } = await doctor();
    expect(status).toBe(1);
    expect(of('secret')).toMatchObject({
      status: 'failed',
      message: expect.stringContaining(said),
      fix: expect.stringContaining(fix),
    });
    const skipped = checks.filter((check) => check.status === 'skipped');
    expect(skipped.map(({ check }) => check)).toEqual(['credential', 'export_permission', 'list_permission']);
    expect(of('host')?.status).toBe('ok');
  });

  it('that is a token of yesterday is a failure of the credential, and nothing is called with it', async () => {
    const expired = { kind: 'token', token: 'fake-token', expires_at: '2026-11-22T23:00:00Z' };
    const { doctor, emulator } = await setUp({ targets: [{ project_id }], secret: expired });
    const { status, of } = await doctor();
    expect([status, of('secret')?.status, of('list_permission')?.status]).toEqual([1, 'ok', 'skipped']);
    expect(of('credential')).toMatchObject({
      status: 'failed',
      message: 'The token in the secret "huawei/acme" expired at 2026-11-22T23:00:00Z.',
      fix: expect.stringContaining('Put a new token into the secret'),
    });
    expect(emulator.requests()).toHaveLength(2);
  });

  it('that others may read is a failure', async () => {
    const { doctor, secrets } = await setUp();
    chmodSync(secrets, 0o644);
    const { status, of } = await doctor();
    expect(status).toBe(1);
    expect(of('secret')).toEqual({
      target_id: 'acme',
      check: 'secret',
      status: 'failed',
      message: `Invalid secrets file ${secrets}: can be read by other users.`,
      fix: `Run: chmod 600 ${secrets}`,
    });
  });

  it('that is missing is a failure, and a likely name is named', async () => {
    const { doctor, secrets } = await setUp({ targets: [{ credential: 'huawei/acm' }] });
    const { of } = await doctor();
    expect(of('secret')).toMatchObject({
      message: `Invalid secrets file ${secrets}: huawei/acm is missing.`,
      fix: expect.stringMatching(
        /^Did you mean "huawei\/acme"\? Then write credential: huawei\/acme in the targets file\. Otherwise add "huawei\/acm": \{/,
      ),
    });
    const { of: without } = await doctor('--secrets', `${secrets}.none`);
    expect(without('secret')?.message).toContain('does not exist');
    expect(without('secret')?.fix).toMatch(/^Write \{"huawei\/acm": .*chmod 600/);
  });

  it('with a wrong password is tried once for all targets that share it', async () => {
    const targets = [{}, { id: 'b' }, { id: 'c', region: 'cn-north-4' }, { id: 'd', project_id }];
    const { doctor, emulator } = await setUp({ targets, secret: { ...PASSWORD, password: 'fake-wrong' } });
    const { status, checks, stderr } = await doctor();
    expect(status).toBe(1);
    const tokens = checks.filter(({ check }) => check === 'credential');
    expect(tokens.map(({ target_id, status }) => [target_id, status])).toEqual(
      ['acme', 'b', 'c', 'd'].map((id) => [id, 'failed']),
    );
    expect(
      emulator.requests().filter(({ path, status }) => path.includes('tokens') && status === 401),
    ).toHaveLength(1);
    expect(stderr).toContain('✗ credential');
    expect(stderr).toContain('→ Check domain');
  });
});

describe('whoever does what the doctor says about the secrets file', () => {
  /** What a tired person does: runs what it says to run, or writes what it shows, with the values in their places. */
  function obey(fix: string, secrets: string): void {
    const [, command] = /(?:R|r)un: (chmod \d+ \S+)/.exec(fix) ?? [];
    const [shown] = /\{.*\}\}/.exec(fix) ?? [];
    if (shown !== undefined) {
      const filled = Object.entries(PASSWORD).reduce(
        (text, [key, value]) => text.replace(new RegExp(`"${key}": "<[^"]*>"`), `"${key}": "${value}"`),
        shown,
      );
      writeFileSync(secrets, filled);
    }
    if (command !== undefined) execSync(command);
  }

  it.each<[string, (secrets: string) => void]>([
    ['that is missing', (secrets) => rmSync(secrets)],
    ['that is empty', (secrets) => writeFileSync(secrets, ' \n')],
    ['that is not JSON', (secrets) => writeFileSync(secrets, `{'huawei/acme': {'kind': 'password',}}`)],
    ['with a secret without its name', (secrets) => writeFileSync(secrets, JSON.stringify(PASSWORD))],
    ['that is a list', (secrets) => writeFileSync(secrets, JSON.stringify([PASSWORD]))],
    ['that others may read', (secrets) => chmodSync(secrets, 0o644)],
  ])('%s is done after one round', async (_, spoil) => {
    const { doctor, secrets } = await setUp();
    spoil(secrets);
    const sick = await doctor();
    expect([sick.status, sick.of('secret')?.status]).toEqual([1, 'failed']);
    obey(sick.of('secret')?.fix ?? '', secrets);
    const { status, of } = await doctor();
    expect([status, of('secret')?.status]).toEqual([0, 'ok']);
  });

  it.each<[string, (folder: string, secrets: string) => string[], RegExp]>([
    ['a folder', (folder) => ['--secrets', folder], /^Name a file in it with --secrets/],
    ['below a file', (_, secrets) => ['--secrets', `${secrets}/x`], /^Name another file with --secrets/],
  ])('that is %s is told to name another', async (_, words, advice) => {
    const { doctor, folder, secrets } = await setUp();
    const { status, of } = await doctor(...words(folder, secrets));
    expect(status).toBe(1);
    expect(of('secret')?.fix).toMatch(advice);
  });

  it('that belongs to another user is told who must run it', async () => {
    const { command, folder, secrets } = await setUp();
    chmodSync(secrets, 0);
    chmodSync(folder, 0o755);
    const [printed] = await loginAsOther([[...command('doctor'), '--json']]);
    const checks: Check[] = JSON.parse(printed?.stdout ?? '').checks;
    expect(checks.find(({ check }) => check === 'secret')).toMatchObject({
      message: expect.stringContaining('cannot be accessed by the user of this command (EACCES)'),
      fix: `Run this as its owner, or make this user its owner, as root: chown USER ${secrets}`,
    });
  });
});

describe('the state', () => {
  it('that cannot be made is a failure', async () => {
    const { doctor, secrets } = await setUp();
    const { status, of } = await doctor('--state', join(secrets, 'below'));
    expect(status).toBe(1);
    expect(of('state')).toMatchObject({
      status: 'failed',
      message: expect.stringContaining(`${secrets} is not a folder`),
    });
    expect(of('state')?.fix).toContain('name another folder with --state');
  });

  it('that is damaged is a failure, and the rest is looked at', async () => {
    const { doctor, state } = await setUp();
    mkdirSync(state);
    writeFileSync(join(state, 'state.sqlite'), 'no database'.repeat(100));
    const { status, of } = await doctor();
    expect(status).toBe(1);
    expect(of('state')?.message).toContain('file is not a database');
    expect(of('state')?.fix).toContain('restore it');
    expect(of('list_permission')?.status).toBe('ok');
  });

  it('that has lost the row of a target, and not its windows, is no state before the first run', async () => {
    const { doctor, command, state } = await setUp();
    await login(command('run'));
    const database = new DatabaseSync(join(state, 'state.sqlite'));
    database.exec('DELETE FROM targets');
    database.close();
    const { status, of } = await doctor();
    expect(status).toBe(1);
    expect(of('coverage')).toMatchObject({
      status: 'failed',
      message: expect.stringContaining(
        '1 windows of target acme, and the row of the target itself is missing',
      ),
    });
    expect((await login(command('run'))).status).toBe(1);
  });

  it('whose row of a target is damaged says that the next run makes it anew, and it does', async () => {
    const { doctor, command, state } = await setUp();
    await login(command('run'));
    const database = new DatabaseSync(join(state, 'state.sqlite'));
    database.exec("UPDATE targets SET document = 'spoilt'");
    database.close();
    expect((await doctor()).of('coverage')).toMatchObject({
      status: 'warning',
      fix: expect.stringContaining('rebuilds the row'),
    });
    expect((await login(command('run'))).status).toBe(0);
    expect((await doctor()).of('coverage')?.status).toBe('ok');
  });

  it('of a target whose start_at was moved says what the next run does about it, and it does', async () => {
    const { doctor, command } = await setUp({ targets: [{ id: 'acme' }] });
    await login(command('run'));
    const moved = await setUp({ targets: [{ start_at: '2026-11-20T00:00:00Z' }] });
    const { of } = await doctor('--targets', moved.targets);
    expect(of('coverage')?.message).toContain('The next run extends it to 2026-11-20T00:00:00Z');
    const { stdout } = await login([...command('run'), '--targets', moved.targets, '--json']);
    expect(JSON.parse(stdout).messages).toHaveLength(2);
  });
});

describe('settings that name another project than the one whose windows the ledger has', () => {
  const OTHER = DEMO_ACCOUNT.project.id.replaceAll(/[a-f]/g, '0');

  it.each<[string, object, string]>([
    [
      'another region',
      { region: 'cn-north-4' },
      'region is cn-north-4, and the windows are of ap-southeast-3',
    ],
    [
      'another project_id',
      { project_id: OTHER },
      `project_id is ${OTHER}, and the windows are of ${project_id}`,
    ],
    [
      "Huawei's host",
      { endpoints: { export: 'https://export.invalid' } },
      "endpoints.export is Huawei's host, and the windows are of a host on this",
    ],
  ])('%s is a failure, as it is to a run', async (_, changed, said) => {
    const { doctor, command, targets } = await setUp();
    await login(command('run'));
    const before = readFileSync(targets, 'utf8');
    const [target] = parse(before).targets;
    writeFileSync(targets, stringify({ targets: [{ ...target, ...changed }] }));
    const { status, of } = await doctor();
    expect(status).toBe(1);
    expect(of('settings')).toMatchObject({ status: 'failed', message: expect.stringContaining(said) });
    expect(of('settings')?.message).toContain('another project needs another id');
    expect(of('settings')?.fix).toBe('Give the other project another id, or undo the change');
    const run = await login([...command('run'), '--json']);
    expect(run.status).not.toBe(0);
    expect(run.stdout).toContain('is now another project');
    writeFileSync(targets, before);
    expect((await doctor()).status).toBe(0);
  });

  it('by a credential of another project is a failure too', async () => {
    const { doctor, command, state } = await setUp();
    await login(command('run'));
    const database = new DatabaseSync(join(state, 'state.sqlite'));
    database.exec(`UPDATE targets SET document = json_set(document, '$.project_id', '${OTHER}')`);
    database.close();
    const { status, of } = await doctor();
    expect([status, of('settings')?.status]).toEqual([1, 'ok']);
    expect(of('credential')).toMatchObject({
      status: 'failed',
      message: expect.stringContaining(`is ${project_id}, and the windows are of ${OTHER}`),
      fix: 'Give the other project another id, or undo the change',
    });
    expect(of('export_permission')?.status).toBe('skipped');
  });
});

describe('the exit status', () => {
  it('is 0 with warnings alone', async () => {
    const { doctor } = await setUp({
      emulator: { scenario: { steps: [{ on: 'tasks', times: 'always', effect: { type: 'forbidden' } }] } },
    });
    const { status, of, stderr } = await doctor();
    expect([status, of('list_permission')?.status]).toEqual([0, 'warning']);
    expect(stderr).toContain('! list permission');
    expect(stderr).toContain('11 ok, 1 warning, 0 failed');
  });

  it('is 2 for settings that are wrong, all of whose issues are told', async () => {
    const { command, targets } = await setUp({ targets: [{ region: 'x', schedule: 'daily' }] });
    const { status, stderr, stdout } = await login(command('doctor'));
    expect({ status, stdout }).toMatchObject({ status: 2 });
    expect(stderr).toContain(`Invalid targets file ${targets}:`);
    expect(stderr).toContain('targets[0].region');
    expect(stderr).toContain('targets[0].schedule');
  });

  it('is 2 for a target that is not there', async () => {
    const { command } = await setUp();
    const { status, stderr } = await login([...command('doctor'), '--target', 'acm']);
    expect(status).toBe(2);
    expect(stderr).toContain('did you mean "acme"?');
  });

  it('is 130 when it is stopped', async () => {
    const hung = await scriptedServer(() => undefined);
    const { command } = await setUp({ targets: [{ endpoints: { iam: hung.origin } }] });
    const { status } = await login(command('doctor'), { signal: AbortSignal.timeout(300) });
    expect(status).toBe(130);
  });
});

it('what a gateway says cannot steer the terminal, and quotes no secret', async () => {
  const echo = await scriptedServer((request, response) => {
    const headers = JSON.stringify(request.headers);
    const isKnown = request.headers['authorization'] !== undefined;
    const error_msg = `\u001b[2J\u0007 ${headers} ${isKnown ? ACCESS_KEY.secret_access_key : ''}`;
    response.writeHead(isKnown ? 403 : 401).end(JSON.stringify({ error_code: 'APIGW.0302', error_msg }));
  });
  const endpoints = { export: echo.origin, tasks: echo.origin };
  const { doctor } = await setUp({ targets: [{ endpoints, project_id }], secret: ACCESS_KEY });
  const { of, status } = await doctor();
  expect(status).toBe(1);
  expect(of('export_permission')?.message).toContain('[redacted]');
});
