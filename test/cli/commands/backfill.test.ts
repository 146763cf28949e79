import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it, vi } from 'vitest';
import { stringify } from 'yaml';
import { runCli } from '../../../lib/cli/run-cli.ts';
import { taskSubmitted } from '../../../lib/domain/exports/message.ts';
import { DEMO_ACCOUNT } from '../../../lib/emulator/iam/accounts.ts';
import { openLocalLedger } from '../../../lib/wiring/local.ts';
import { login } from '../../support/command/command-line.ts';
import { ERASE, fakeTerminal } from '../../support/command/terminal.ts';
import { PASSWORD, secretsFile, startHuawei } from '../../support/huawei/start-huawei.ts';
import { temporaryFolder } from '../../support/vitest/temporary-folder.ts';

const NOW = '2026-11-23T00:35:00Z';
const never = new AbortController().signal;

async function setUp() {
  const { emulator, origin } = await startHuawei({}, NOW);
  const folder = temporaryFolder();
  const targets = join(folder, 'targets.yml');
  const endpoints = { iam: origin, export: origin, tasks: origin };
  const acme = { id: 'acme', region: DEMO_ACCOUNT.project.name, credential: 'huawei/acme', endpoints };
  writeFileSync(targets, stringify({ targets: [acme, { ...acme, id: 'asleep', enabled: false }] }));
  const secrets = secretsFile({ 'huawei/acme': PASSWORD }, folder);
  const state = join(folder, 'state');
  const files = ['--targets', targets, '--secrets', secrets, '--state', state, '--now', NOW];
  const words = (from: string, to: string, target = 'acme') => {
    const range = ['--from', `2026-${from}T00:00:00Z`, '--to', `2026-${to}T00:00:00Z`];
    return ['backfill', '--target', target, ...range, ...files];
  };
  return { emulator, state, files, words };
}

describe('backfill', () => {
  it('exports the gaps of the range and tells what happened', async () => {
    const { words, emulator, state } = await setUp();
    const { status, stdout, stderr } = await login(words('11-20', '11-23'));
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain(`Simulated clock: ${NOW}`);
    expect(stdout).toContain('Backfill of target acme, 2026-11-20T00:00:00Z to 2026-11-23T00:00:00Z\n');
    expect(stdout.match(/is on the queue/g)).toHaveLength(3);
    expect(stdout).toContain('Windows: 3 published, 0 already exported, 0 deferred, 0 failed.');
    expect(stdout).toContain(`State: ${state}`);
    expect(emulator.tasks()).toHaveLength(3);
  });

  it('with --json prints one document on standard output and nothing else there', async () => {
    const { words } = await setUp();
    await login(words('11-21', '11-22'));
    const { status, stdout, stderr } = await login([...words('11-20', '11-23'), '--json']);
    expect(status).toBe(0);
    const { runs, messages } = JSON.parse(stdout);
    expect(runs).toMatchObject([{ target_id: 'acme', planned: 3, published: 2, already_covered: 1 }]);
    expect(messages.map((message: unknown) => taskSubmitted.parse(message).subject)).toEqual([
      '2026-11-20T00:00:00Z/2026-11-21T00:00:00Z',
      '2026-11-22T00:00:00Z/2026-11-23T00:00:00Z',
    ]);
    expect(stderr).toContain('Windows: 2 published');
  });

  it('says what is left out because it is not due yet, and is done all the same', async () => {
    const { words } = await setUp();
    const { status, stdout } = await login(words('11-22', '11-25'));
    expect(status).toBe(0);
    expect(stdout).toContain(
      'Not due yet: 2026-11-23T00:00:00Z to 2026-11-25T00:00:00Z. Its first window is due at 2026-11-24T00:30:00Z.',
    );
  });

  it('exits with 1 when a part of the range is lost, and says so', async () => {
    const { words } = await setUp();
    const { status, stdout } = await login(words('10-22', '10-26'));
    expect(status).toBe(1);
    expect(stdout).toMatch(/2026-10-22T00:00:00Z to 2026-10-24T00:4\d:00Z {2}is lost/);
    expect(stdout).toContain('Windows: 2 published, 0 already exported, 0 deferred, 0 failed, 3 lost.');
  });

  it('exits with 1 when a window failed', async () => {
    const { words, emulator } = await setUp();
    emulator.setScenario({ steps: [{ on: 'export', effect: { type: 'forbidden' } }] });
    const { status, stdout } = await login(words('11-20', '11-23'));
    expect(status).toBe(1);
    expect(stdout).toContain('workspace:session:exportUserConnection');
    expect(stdout).toContain('Windows: 2 published');
  });

  it('that is interrupted exits with 130, says what is left, and the next one does the rest', async () => {
    const { words, emulator } = await setUp();
    emulator.setScenario({
      steps: [
        { on: 'export', times: 2, effect: { type: 'pass' } },
        { on: 'export', effect: { type: 'throttle', retry_after: 60 } },
      ],
    });
    const stop = new AbortController();
    const onOutput = (text: string) => void (text.includes('throttles') && stop.abort());
    const stopped = await login(words('11-13', '11-23'), { signal: stop.signal, onOutput });
    expect(stopped.status).toBe(130);
    expect(stopped.stdout).toContain('8 windows deferred: run the same command again to continue.');
    const { status, stdout } = await login(words('11-13', '11-23'));
    expect(status).toBe(0);
    expect(stdout).toContain('Windows: 8 published, 2 already exported');
    expect(emulator.tasks()).toHaveLength(10);
  });
});

describe('backfill on a terminal', () => {
  const colours = (words: string[], noColour?: string) => {
    vi.stubEnv('FORCE_COLOR', undefined);
    vi.stubEnv('NO_COLOR', noColour);
    vi.stubEnv('NODE_DISABLE_COLORS', undefined);
    vi.stubEnv('TERM', 'xterm-256color');
    return words;
  };

  it('shows a bar while it works and clears it away', async () => {
    const { words, emulator } = await setUp();
    emulator.setScenario({
      steps: [
        { on: 'export', times: 4, effect: { type: 'pass' } },
        { on: 'export', effect: { type: 'forbidden' } },
      ],
    });
    const terminal = fakeTerminal(72);
    const stderr = new PassThrough();
    const status = await runCli(colours(words('11-13', '11-23'), '1'), {
      stdout: terminal.stream,
      stderr,
      signal: never,
      outputClosed: never,
    });
    expect(status).toBe(1);
    const drawn = terminal.written().replaceAll('\n', ERASE).split(ERASE);
    const bars = drawn.filter((text) => /^\[[#-]+\] /.test(text));
    expect(bars[0]).toBe('[------------------------------] 0/10 0%');
    expect(bars.at(-1)).toMatch(/^\[#+\] 10\/10 100% {2}2026-11-22T00:00:00Z$/);
    expect(Math.max(...bars.map(({ length }) => length))).toBeLessThan(72);
    const shown = terminal.shown();
    expect(shown.filter((line) => line.includes('#'))).toEqual([]);
    expect(shown.filter((line) => line.includes('is on the queue'))).toEqual([]);
    expect(shown.filter((line) => line.startsWith('  ✗ acme '))).toHaveLength(1);
    expect(shown.join('\n')).toContain('exportUserConnection');
    // But for the command that is there to be copied.
    expect(shown.filter((line) => line.length > 72 && !line.startsWith('State: '))).toEqual([]);
    expect(terminal.written().replaceAll(ERASE, '')).not.toContain('\u001b');
  });

  it('with --json has the bar on standard error, and the document alone on standard output', async () => {
    const { words } = await setUp();
    const terminal = fakeTerminal();
    const stdout = new PassThrough();
    await runCli(colours([...words('11-20', '11-23'), '--json'], '1'), {
      stdout,
      stderr: terminal.stream,
      signal: never,
      outputClosed: never,
    });
    expect(JSON.parse(String(stdout.read()))).toMatchObject({ runs: [{ published: 3 }] });
    expect(terminal.written()).toContain('3/3 100%');
  });

  it('clears the bar away when it is stopped', async () => {
    const { words, emulator } = await setUp();
    emulator.setScenario({
      steps: [
        { on: 'export', times: 2, effect: { type: 'pass' } },
        { on: 'export', effect: { type: 'throttle', retry_after: 60 } },
      ],
    });
    const stop = new AbortController();
    const terminal = fakeTerminal();
    terminal.stream.on('data', () => terminal.written().includes('throttles') && stop.abort());
    const status = await runCli(words('11-13', '11-23'), {
      stdout: terminal.stream,
      stderr: new PassThrough(),
      signal: stop.signal,
      outputClosed: never,
    });
    expect(status).toBe(130);
    expect(terminal.written()).toContain('2/10 20%');
    expect(terminal.shown().filter((line) => line.includes('20%'))).toEqual([]);
    expect(terminal.shown().at(-1)).toBe('');
  });
});

describe('wrong input exits with 2, says what would be right, and leaves no trace:', () => {
  it.each([
    [
      'a range that ends before it begins',
      '11-22',
      '11-20',
      'acme',
      '--to: is 2026-11-20T00:00:00Z, and must be after --from',
    ],
    ['a target that is not in the file', '11-20', '11-23', 'acm', 'did you mean "acme"?'],
    ['a target that is switched off', '11-20', '11-23', 'asleep', 'is not enabled'],
  ])('%s', async (...row) => {
    const [, from, to, target, help] = row;
    const { words, state, emulator } = await setUp();
    const { status, stderr } = await login(words(from, to, target));
    expect(status).toBe(2);
    expect(stderr).toContain(help);
    expect(existsSync(state)).toBe(false);
    expect(emulator.requests()).toEqual([]);
  });

  // Only Huawei's time tells, so the state is there by then.
  it.each([
    [
      'of the future',
      '12-01',
      '12-02',
      '--from: is 2026-12-01T00:00:00Z, and must be before 2026-11-23T00:00:00Z',
    ],
    ['that is not due yet', '11-23', '11-24', '--from: is 2026-11-23T00:00:00Z, and must be before'],
  ])('a range %s, of which nothing is ordered or written down', async (...row) => {
    const [, from, to, help] = row;
    const { words, state, emulator } = await setUp();
    const { status, stderr } = await login(words(from, to));
    expect(status).toBe(2);
    expect(stderr).toContain(help);
    expect(emulator.requests()).toEqual([]);
    const local = openLocalLedger(state);
    expect(await local?.ledger.findTarget('acme')).toBeUndefined();
    expect(await local?.ledger.list('acme', Temporal.Instant.fromEpochMilliseconds(0))).toEqual([]);
    local?.close();
  });

  const range = ['--from', '2026-11-20T00:00:00Z', '--to', '2026-11-23T00:00:00Z'];
  it.each([
    [['--target', 'acme', ...range.slice(2)], '--from: is missing; add --from <time>'],
    [['--target', 'acme', ...range.slice(0, 2)], '--to: is missing; add --to <time>'],
    [range, '--target: is missing; add --target <id>'],
    [['--target', 'acme', ...range, '--to', '2026-11-23'], 'must be a time such as'],
    [['--target', 'acme', ...range, '--until', 'x'], '--until: is not an option of this command'],
  ])('%j', async (words, help) => {
    const { files } = await setUp();
    const { status, stderr, stdout } = await login(['backfill', ...words, ...files, '--json']);
    expect(status).toBe(2);
    expect(stderr).toContain(help);
    expect(JSON.parse(stdout)).toMatchObject({ error: { kind: 'input', issues: [expect.anything()] } });
  });
});
