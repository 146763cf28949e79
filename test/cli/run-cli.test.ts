import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { createSqliteQueue } from '../../lib/adapters/queue/local-sqlite.ts';
import { ExitStatus } from '../../lib/cli/context/exit.ts';
import { taskSubmitted } from '../../lib/domain/exports/message.ts';
import { DEMO_ACCOUNT } from '../../lib/emulator/iam/accounts.ts';
import { login } from '../support/command/command-line.ts';
import { STEERING } from '../support/command/control-characters.ts';
import { flat } from '../support/command/settings-folder.ts';
import { PASSWORD, secretsFile, startHuawei } from '../support/huawei/start-huawei.ts';
import { taskMessage } from '../support/ledger/window-rows.ts';
import { temporaryFolder } from '../support/vitest/temporary-folder.ts';

const NOW = '2026-11-23T00:35:00Z';

async function setUp(settings: object = {}, scenario?: Parameters<typeof startHuawei>[0]) {
  const { emulator, origin } = await startHuawei({ ...scenario }, NOW);
  const folder = temporaryFolder();
  const targets = join(folder, 'targets.yml');
  const endpoints = { iam: origin, export: origin, tasks: origin };
  const least = { id: 'acme', region: DEMO_ACCOUNT.project.name, credential: 'huawei/acme', endpoints };
  writeFileSync(targets, stringify({ targets: [{ ...least, ...settings }] }));
  const secrets = secretsFile({ 'huawei/acme': PASSWORD }, folder);
  const state = join(folder, 'state');
  const words = ['run', '--targets', targets, '--secrets', secrets, '--state', state, '--now', NOW];
  return { emulator, folder, targets, secrets, state, words };
}

describe('start', () => {
  it('does the main job with no account and no settings, and shows the message', async () => {
    const { status, stdout } = await login(['start', '--state', temporaryFolder()]);
    expect(status).toBe(0);
    expect(stdout).toContain('"task_id"');
    expect(stdout).toContain('Windows: 1 published, 0 already exported, 0 deferred, 0 failed.');
  });

  it('ends with the next step, to a section that the document has', async () => {
    const { stdout } = await login(['start', '--state', temporaryFolder()]);
    const [, document = '', section] = /(docs\/\w+\.md), "([^"]+)"/.exec(stdout) ?? [];
    expect(readFileSync(document, 'utf8')).toContain(`\n## ${section}\n`);
    expect(stdout).toContain('npx login-export doctor');
  });

  it('is what happens without a command, and twice in a row', async () => {
    const state = temporaryFolder();
    await login(['--state', state]);
    const { status, stdout } = await login(['--state', state, '--json']);
    expect(status).toBe(0);
    const { runs, messages } = JSON.parse(stdout);
    expect(runs).toMatchObject([{ target_id: 'demo', published: 1, failed: [] }]);
    expect(messages.map((message: unknown) => taskSubmitted.parse(message))).toHaveLength(1);
  });
});

describe('run', () => {
  it('exports the newest due window and shows what happened', async () => {
    const { words, emulator, state } = await setUp();
    const { status, stdout, stderr } = await login(words);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain(`Simulated clock: ${NOW}`);
    expect(stdout).toContain(`Huawei accepted it as task ${emulator.tasks()[0]?.id}`);
    expect(stdout).toContain(`State: ${state}`);
  });

  it('with --json prints one document on standard output and nothing else there', async () => {
    const { words } = await setUp();
    const { stdout, stderr } = await login([...words, '--json']);
    const { runs, messages } = JSON.parse(stdout);
    expect(runs).toEqual([
      {
        target_id: 'acme',
        planned: 1,
        published: 1,
        already_covered: 0,
        deferred: 0,
        failed: [],
        confirmed: 0,
        lost: [],
      },
    ]);
    expect(messages).toMatchObject([{ subject: '2026-11-22T00:00:00Z/2026-11-23T00:00:00Z' }]);
    expect(stderr).toContain('Windows: 1 published');
  });

  it('twice publishes once', async () => {
    const { words, emulator } = await setUp();
    await login(words);
    const { status, stdout } = await login([...words, '--json']);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ runs: [{ published: 0, already_covered: 1 }], messages: [] });
    expect(emulator.tasks()).toHaveLength(1);
  });

  it('is the run of the time that --at names', async () => {
    const { words } = await setUp();
    const { stdout } = await login([...words, '--at', '2026-11-20T08:35:00+08:00', '--json']);
    expect(JSON.parse(stdout).messages).toMatchObject([
      { subject: '2026-11-19T00:00:00Z/2026-11-20T00:00:00Z' },
    ]);
  });

  it('exits with 1 when a window failed, and keeps what was done before', async () => {
    const { words, emulator, state } = await setUp();
    await login([...words, '--at', '2026-11-22T00:35:00Z']);
    emulator.setScenario({ steps: [{ on: 'export', times: 'always', effect: { type: 'forbidden' } }] });
    const { status, stdout } = await login(words);
    expect(status).toBe(1);
    expect(stdout).toContain('workspace:session:exportUserConnection');
    const queue = await login(['queue', '--state', state, '--json']);
    expect(JSON.parse(queue.stdout).messages).toHaveLength(1);
  });

  it('exits with 1 for a window that Huawei no longer has', async () => {
    const { words, emulator } = await setUp();
    const { status, stdout } = await login([...words, '--at', '2026-10-01T00:35:00Z']);
    expect(status).toBe(1);
    expect(stdout).toContain('30 days');
    expect(emulator.tasks()).toHaveLength(0);
  });

  it('exits with 2 when only the settings are to blame', async () => {
    const { words, secrets } = await setUp();
    writeFileSync(secrets, JSON.stringify({ 'huawei/acme': { ...PASSWORD, password: 7 } }));
    const { status, stdout } = await login(words);
    expect(status).toBe(2);
    expect(stdout).toContain('password: must be text');
  });

  it('that is interrupted exits with 130, and the next one does the rest', async () => {
    const { words, emulator } = await setUp();
    emulator.setScenario({ steps: [{ on: 'export', effect: { type: 'throttle', retry_after: 60 } }] });
    const stop = new AbortController();
    const onOutput = (text: string) => text.includes('throttles') && stop.abort();
    const stopped = await login(words, { signal: stop.signal, onOutput: (text) => void onOutput(text) });
    expect(stopped.status).toBe(130);
    expect((await login(words)).status).toBe(0);
    expect(emulator.tasks()).toHaveLength(1);
  });
});

describe('run of several targets', () => {
  it('shows the first message and says how many more there are', async () => {
    const { words, targets } = await setUp();
    const { targets: list } = parse(readFileSync(targets, 'utf8'));
    writeFileSync(targets, stringify({ targets: [list[0], { ...list[0], id: 'other' }] }));
    const { stdout } = await login(words);
    expect(stdout).toContain('… and 1 more.');
    expect(stdout.match(/"task_id"/g)).toHaveLength(1);
  });
});

it('a state folder that cannot be made is wrong input', async () => {
  const { words, secrets } = await setUp();
  const { status, stderr } = await login([...words, '--state', join(secrets, 'below-a-file')]);
  expect(status).toBe(2);
  expect(stderr).toContain('The state folder cannot be created');
});

it.each([['--help'], ['run', '--help'], ['help', 'run']])(
  'asking for help (%s %s) is no issue',
  async (...words) => {
    const { status, stdout, stderr } = await login(words);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('Usage: login-export');
  },
);

it.each(['run', 'plan'])('%s says in its help which times --at and --sweep mean', async (name) => {
  const { stdout } = await login([name, '--help']);
  const words = stdout.replaceAll(/\s+/g, ' ');
  expect(words).toContain('with a time more than 30 days ago, windows that are not exported are lost');
  expect(words).toContain(
    "what was due when the target's schedule last fired before --at (rate schedules: at the newest run)",
  );
});

it('what people script against, the exit statuses, stands in the help as it is', async () => {
  const { stdout } = await login(['--help']);
  const { done, failed, usage, hungUp, interrupted } = ExitStatus;
  expect(flat(stdout)).toContain(
    `Exit status: ${done} done; ${failed} at least one window is not exported; ${usage} wrong usage or settings; ` +
      `${hungUp} interrupted by a lost connection (SIGHUP), ${interrupted} by Ctrl-C or SIGTERM.`,
  );
});

describe('wrong input exits with 2 and says what would be right:', () => {
  it.each([
    [['runn'], 'runn: is not a command; did you mean run?'],
    [['run', '--att', NOW], '--att: is not an option of this command; did you mean --at?'],
    [['run', '--at', 'yesterday'], 'must be a time such as'],
    [['run', '--targets', 'no-such-file.yml'], 'Cannot read targets file no-such-file.yml'],
    [['emulator', '--port', '99999'], 'must be a port number'],
    [['emulator', '--scenario', 'no-such-file.yml'], 'Cannot read scenario no-such-file.yml'],
    [['queue', '--state', 'no-such-folder'], 'There is no queue yet'],
  ])('%j', async (words, help) => {
    const { status, stderr, stdout } = await login(words);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(help);
    const json = await login([...words, '--json']);
    expect(JSON.parse(json.stdout)).toMatchObject({ error: { kind: 'input', issues: [expect.anything()] } });
  });

  it('a state folder that is a file', async () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, 'text');
    const { status, stderr } = await login(['start', '--state', file]);
    expect(status).toBe(2);
    expect(stderr).toContain('The state folder cannot be created');
  });

  it('a target that is not in the file', async () => {
    const { words, state } = await setUp();
    const { status, stderr } = await login([...words, '--target', 'acm']);
    expect(status).toBe(2);
    expect(stderr).toContain('did you mean "acme"?');
    expect(existsSync(state)).toBe(false);
  });

  it('a run for a time that is still to come', async () => {
    const { words } = await setUp();
    const { status, stdout } = await login([...words, '--at', '2027-01-01T00:00:00Z', '--json']);
    expect(status).toBe(2);
    const { runs, messages } = JSON.parse(stdout);
    expect(runs).toMatchObject([
      {
        published: 0,
        failed: [{ kind: 'input', message: expect.stringContaining('which is in the future') }],
      },
    ]);
    expect(messages).toEqual([]);
  });

  it('a scenario with an issue', async () => {
    const file = join(temporaryFolder(), 'scenario.yml');
    writeFileSync(file, 'steps: [{ on: export, effect: { type: throtle } }]');
    const { status, stderr } = await login(['emulator', '--port', '0', '--scenario', file]);
    expect(status).toBe(2);
    expect(stderr).toContain('steps[0]');
  });
});

describe('queue', () => {
  it('shows what waits, and takes away what is acknowledged', async () => {
    const { words, state } = await setUp();
    await login(words);
    const [first] = JSON.parse((await login(['queue', '--state', state, '--json'])).stdout).messages;
    expect((await login(['queue', '--state', state])).stdout).toContain(`${first.handle}  acme`);
    const acknowledged = await login(['queue', '--state', state, '--ack', first.handle, '--json']);
    expect(acknowledged.status).toBe(0);
    expect(JSON.parse(acknowledged.stdout)).toEqual({ acknowledged: first.handle });
    expect((await login(['queue', '--state', state])).stdout).toContain('The queue is empty.');
    expect((await login(['queue', '--state', state, '--ack', first.handle])).status).toBe(2);
  });

  it('shows nothing that steers a terminal, and one message for each line, followed or not', async () => {
    const state = temporaryFolder();
    const queue = createSqliteQueue({ file: join(state, 'state.sqlite') });
    const hostile = STEERING.map(([, character]) => character).join('-');
    const message = taskMessage();
    await queue.publish({ ...message, data: { ...message.data, task_id: `${hostile}\n✓ all is well` } });
    queue.close();
    const stop = new AbortController();
    const shown = await Promise.all([
      login(['queue', '--state', state]),
      login(['queue', '--state', state, '--json']),
      login(['queue', '--state', state, '--follow'], { signal: stop.signal, onOutput: () => stop.abort() }),
    ]);
    for (const { stdout } of shown) {
      expect(STEERING.filter(([, character]) => stdout.includes(character))).toEqual([]);
      expect(stdout.split('\n').filter((line) => line.startsWith('✓'))).toEqual([]);
    }
    expect(JSON.parse(shown[1].stdout).messages[0].message.data.task_id).toContain(hostile);
  });

  it('with --follow shows what arrives, a line each with --json, until it is stopped', async () => {
    const { words, state } = await setUp();
    await login([...words, '--at', '2026-11-22T00:35:00Z']);
    const stop = new AbortController();
    const onOutput = (text: string) => void (text.split('\n').length > 2 && stop.abort());
    const following = login(['queue', '--state', state, '--follow', '--json'], {
      signal: stop.signal,
      onOutput,
    });
    await login(words);
    const { status, stdout } = await following;
    expect(status).toBe(130);
    const subjects = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).message.subject);
    expect(subjects).toEqual([
      '2026-11-21T00:00:00Z/2026-11-22T00:00:00Z',
      '2026-11-22T00:00:00Z/2026-11-23T00:00:00Z',
    ]);
  });
});

it('the emulator serves the API until it is stopped', async () => {
  const stop = new AbortController();
  let answered: Promise<number> | undefined;
  const onOutput = (text: string) => {
    const origin = /"origin":"([^"]+)"/.exec(text)?.[1];
    answered ??= origin
      ? fetch(`${origin}/v3/auth/tokens`, { method: 'POST', body: '{}' }).then(({ status }) => status)
      : undefined;
    void answered?.finally(() => stop.abort());
  };
  const { status, stderr } = await login(['emulator', '--port', '0', '--json'], {
    signal: stop.signal,
    onOutput,
  });
  expect(status).toBe(130);
  expect(await answered).toBe(400);
  expect(stderr).toContain('400  POST /v3/auth/tokens');
});

it('the emulator on a port that is taken says so', async () => {
  const { origin } = await startHuawei();
  const { status, stderr } = await login(['emulator', '--port', new URL(origin).port]);
  expect(status).toBe(2);
  expect(stderr).toContain('is in use; name another one');
});
