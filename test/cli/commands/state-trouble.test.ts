import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createSqliteQueue } from '../../../lib/adapters/queue/local-sqlite.ts';
import { login, loginAsOther, type Printed } from '../../support/command/command-line.ts';
import { flat, settingsFolder } from '../../support/command/settings-folder.ts';
import { taskMessage } from '../../support/ledger/window-rows.ts';

const NOW = '2026-11-23T00:35:00Z';

/** A folder with settings and the state of one run, and every command that reads that state. */
async function afterOneRun() {
  const { folder, state, command } = await settingsFolder({});
  await command('run', NOW);
  const targets = ['--targets', join(folder, 'targets.yml')];
  const secrets = ['--secrets', join(folder, 'secrets.json')];
  const readers = (place = state) => ({
    status: ['status', ...targets, '--state', place, '--now', NOW],
    plan: ['plan', ...targets, '--state', place, '--now', NOW],
    queue: ['queue', '--state', place],
    doctor: ['doctor', ...targets, ...secrets, '--state', place, '--now', NOW],
  });
  const writers = (place = state) => ({
    run: ['run', ...targets, ...secrets, '--state', place, '--now', NOW],
    backfill: ['backfill', ...targets, ...secrets, '--state', place, '--now', NOW, ...RANGE],
    ack: ['queue', '--state', place, '--ack', '1'],
    start: ['start', '--state', place],
  });
  return { folder, state, file: join(state, 'state.sqlite'), readers, writers };
}

const RANGE = ['--target', 'acme', '--from', '2026-11-20T00:00:00Z', '--to', '2026-11-21T00:00:00Z'];

/** For the user of `loginAsOther`, who owns nothing here where the tests are root, and everything where they are not. */
function openToOthers(folder: string, modes: { state: number; file: number }): void {
  chmodSync(folder, 0o755);
  const state = join(folder, 'state');
  for (const name of readdirSync(state)) chmodSync(join(state, name), modes.file);
  chmodSync(state, modes.state);
  onTestFinished(() => chmodSync(state, 0o700));
  for (const name of ['targets.yml', 'secrets.json']) chmodSync(join(folder, name), 0o644);
}

function expectOneError({ stderr }: Printed): void {
  expect(stderr.match(/^error /gm)).toHaveLength(1);
  expect(stderr).not.toMatch(/^ {4}at /m);
}

describe('a state that is not there', () => {
  it('is the state before the first run: status and plan tell so and are well', async () => {
    const { folder, readers } = await afterOneRun();
    const { status, plan, queue } = readers(join(folder, 'none'));
    const told = await login(status);
    expect({ status: told.status, stderr: told.stderr }).toEqual({ status: 0, stderr: '' });
    expect(flat(told.stdout)).toContain('no run has used this folder');
    expect((await login(plan)).status).toBe(0);
    expect(await login(queue)).toMatchObject({ status: 2, stderr: expect.stringContaining('no queue yet') });
    expect(readdirSync(folder)).not.toContain('none');
  });
});

describe('a state that is damaged', () => {
  it.each<[string, (file: string) => void, string]>([
    ['has no byte', (file) => truncateSync(file, 0), 'it holds 0 bytes'],
    ['is cut off', (file) => truncateSync(file, 8_192), 'malformed'],
    ['is no database', (file) => writeFileSync(file, 'notes of somebody '.repeat(100)), 'not a database'],
    ['is gone and has left its journal', leaveJournal, 'its journal'],
  ])('because its file %s is told as that, and stays as it is', async (_, damage, said) => {
    const { file, state, readers, writers } = await afterOneRun();
    damage(file);
    const before = readdirSync(state).map((name) => [name, statSync(join(state, name)).size]);
    const { doctor, ...others } = readers();
    const { run, backfill } = writers();
    for (const words of [...Object.values(others), run, backfill]) {
      const printed = await login(words);
      expect(printed.status, words[0]).toBe(1);
      expectOneError(printed);
      expect(printed.stderr).toContain(`${file} is damaged: `);
      expect(printed.stderr).toContain(said);
      expect(printed.stderr).toContain('restore it from a copy');
      expect(printed.stdout).not.toMatch(/no\s+run\s+has\s+used/);
    }
    const checked = await login(doctor);
    expect(checked.status).toBe(1);
    expect(flat(checked.stdout)).toContain('✗ state');
    expect(flat(checked.stdout)).toContain(said);
    expect(flat(checked.stdout)).toContain('- coverage skipped: The state cannot be read.');
    expect(readdirSync(state).map((name) => [name, statSync(join(state, name)).size])).toEqual(before);
  });

  it('in the middle is told by the doctor, which reads all of it', async () => {
    const { file, readers } = await afterOneRun();
    const bytes = readFileSync(file);
    writeFileSync(file, bytes.fill(0xff, 4_096));
    const checked = await login(readers().doctor);
    expect(checked.status).toBe(1);
    expect(flat(checked.stdout)).toMatch(/✗ state The state file \S+ is damaged: /);
    expect(flat(checked.stdout)).toContain('✗ coverage');
  });

  function leaveJournal(file: string): void {
    rmSync(file);
    writeFileSync(`${file}-wal`, 'changes');
  }
});

describe('a state that is somewhere else than --state says', () => {
  it.each<[string, (folder: string, state: string) => string, string]>([
    ['is a folder where the file should be', folderAsFile, 'state.sqlite: is a folder, not a file'],
    ['is below a file', (folder) => join(folder, 'targets.yml'), 'targets.yml: is not a folder'],
    ['has a name that is too long', (folder) => join(folder, 'x'.repeat(300)), 'ENAMETOOLONG'],
    ['is a link to itself', linkToItself, 'ELOOP'],
    ['is a link to nothing', linkToNothing, 'is a broken symbolic link'],
    ['is a folder that is a link to nothing', folderToNothing, 'away: is a broken symbolic link'],
    ['is below a folder that is one', belowNothing, 'away: is a broken symbolic link'],
  ])('and %s is wrong input to every command, readers and writers', async (_, place, said) => {
    const { folder, state, readers, writers } = await afterOneRun();
    const { doctor, ...others } = { ...readers(place(folder, state)), ...writers(place(folder, state)) };
    if (said.includes('broken symbolic link') || said.includes('is a folder'))
      Reflect.deleteProperty(others, 'start');
    for (const words of Object.values(others)) {
      const printed = await login(words);
      expect(printed.status, words.join(' ')).toBe(2);
      expectOneError(printed);
      expect(printed.stderr).toContain(said);
    }
    const checked = await login(doctor);
    expect(checked.status).toBe(1);
    expect(flat(checked.stdout)).toContain('✗ state');
    expect(flat(checked.stdout)).toContain('- coverage skipped: The state cannot be read.');
  });

  function folderAsFile(folder: string): string {
    mkdirSync(join(folder, 'odd/state.sqlite'), { recursive: true });
    return join(folder, 'odd');
  }
  function linkToItself(folder: string): string {
    rmSync(join(folder, 'loop'), { force: true });
    symlinkSync('loop', join(folder, 'loop'));
    return join(folder, 'loop');
  }
  function linkToNothing(folder: string): string {
    mkdirSync(join(folder, 'link'), { recursive: true });
    rmSync(join(folder, 'link/state.sqlite'), { force: true });
    symlinkSync('gone', join(folder, 'link/state.sqlite'));
    return join(folder, 'link');
  }
  function folderToNothing(folder: string): string {
    rmSync(join(folder, 'away'), { force: true });
    symlinkSync('/not/mounted', join(folder, 'away'));
    return join(folder, 'away');
  }
  function belowNothing(folder: string): string {
    return join(folderToNothing(folder), 'one/more');
  }
});

describe('a user who may read the state and not write', () => {
  it('sees all of it, and changes nothing; what would write is refused before it does anything', async () => {
    const { folder, state, readers, writers } = await afterOneRun();
    const expected = await Promise.all(Object.values(readers()).map((words) => login(words)));
    openToOthers(folder, { state: 0o555, file: 0o444 });
    const before = readdirSync(state);
    const { status, plan, queue } = readers();
    const seen = await loginAsOther([status, plan, queue, [...queue, '--json'], ...Object.values(writers())]);
    expect(seen.slice(0, 3)).toEqual(expected.slice(0, 3));
    expect(JSON.parse(seen[3]?.stdout ?? '').messages).toHaveLength(1);
    for (const printed of seen.slice(4)) {
      expect(printed.status).toBe(2);
      expectOneError(printed);
      expect(printed.stderr).toMatch(/cannot be accessed by the user of this command/);
    }
    const [checked] = await loginAsOther([readers().doctor]);
    expect(checked?.status).toBe(1);
    expect(flat(checked?.stdout ?? '')).toMatch(/✗ state .* cannot be accessed by the user of this command/);
    expect(flat(checked?.stdout ?? '')).toContain('✓ coverage Coverage began at 2026-11-22T00:00:00Z.');
    expect(readdirSync(state)).toEqual(before);
  });

  it('sees what a run that is still going on has written, and what a killed one has left in its journal', async () => {
    const { folder, state, file, readers } = await afterOneRun();
    const going = createSqliteQueue({ file });
    onTestFinished(() => going.close());
    await going.publish(taskMessage());
    const killed = join(folder, 'killed');
    cpSync(state, killed, { recursive: true });
    rmSync(join(killed, 'state.sqlite-shm'));
    openToOthers(folder, { state: 0o555, file: 0o444 });
    for (const name of readdirSync(killed)) chmodSync(join(killed, name), 0o444);
    chmodSync(killed, 0o555);
    onTestFinished(() => chmodSync(killed, 0o700));
    const seen = await loginAsOther([
      [...readers().queue, '--json'],
      [...readers(killed).queue, '--json'],
    ]);
    for (const { stdout } of seen) expect(JSON.parse(stdout).messages).toHaveLength(2);
  });
});

describe('a user who may not read the state', () => {
  it.each([
    ['file', { state: 0o755, file: 0 }],
    ['folder', { state: 0, file: 0o644 }],
  ])('because its %s is closed is told so by every command', async (_, modes) => {
    const { folder, readers, writers } = await afterOneRun();
    openToOthers(folder, modes);
    const { doctor, ...others } = readers();
    const seen = await loginAsOther([...Object.values(others), ...Object.values(writers()), doctor]);
    for (const printed of seen.slice(0, -1)) {
      expect(printed.status).toBe(2);
      expectOneError(printed);
      expect(printed.stderr).toContain('cannot be accessed by the user of this command (EACCES)');
      expect(printed.stdout).not.toMatch(/no\s+run\s+has\s+used/);
    }
    expect(seen.at(-1)?.status).toBe(1);
    expect(flat(seen.at(-1)?.stdout ?? '')).toContain('cannot be accessed by the user of this command');
    expect(flat(seen.at(-1)?.stdout ?? '')).toContain('- coverage skipped: The state cannot be read.');
  });
});

describe('what the state is kept in', () => {
  it('is open to its owner alone, whatever the umask: the folder, the file and its journals', async () => {
    const { folder, file, writers } = await afterOneRun();
    const place = join(folder, 'new', 'state');
    await loginAsOther([writers(place).run, writers(join(folder, 'demo')).start], 0);
    const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);
    for (const path of ['new', 'new/state', 'demo', 'demo/demo'])
      expect(modeOf(join(folder, path))).toBe('700');
    for (const path of ['new/state/state.sqlite', 'demo/demo/state.sqlite', 'demo/demo/secrets.json'])
      expect(modeOf(join(folder, path))).toBe('600');
    const open = new DatabaseSync(file);
    onTestFinished(() => open.close());
    open.exec('BEGIN IMMEDIATE');
    expect([`${file}-wal`, `${file}-shm`].map(modeOf)).toEqual(['600', '600']);
  });

  it('stays as open as somebody has made it, and the doctor tells', async () => {
    const { state, file, readers, writers } = await afterOneRun();
    chmodSync(file, 0o640);
    chmodSync(state, 0o750);
    await login(writers().run);
    expect((statSync(file).mode & 0o777).toString(8)).toBe('640');
    const stateCheck = async () => {
      const { status, stdout } = await login([...readers().doctor, '--json']);
      expect(status).toBe(0);
      return JSON.parse(stdout).checks.find(({ check }: { check: string }) => check === 'state');
    };
    expect(await stateCheck()).toMatchObject({
      status: 'warning',
      message: `The state is there and can be written, and other users can read or replace it: ${file}.`,
      fix: `Unless you want that, run: chmod go= ${file}`,
    });
    chmodSync(file, 0o600);
    expect(await stateCheck()).toMatchObject({ status: 'ok' });
    chmodSync(state, 0o777);
    expect(await stateCheck()).toMatchObject({
      status: 'warning',
      message: expect.stringContaining(`: ${state}.`),
    });
  });
});

it('a copy of the state is as good as the state', async () => {
  const { folder, file, readers } = await afterOneRun();
  mkdirSync(join(folder, 'copy'));
  copyFileSync(file, join(folder, 'copy/state.sqlite'));
  expect((await login(readers(join(folder, 'copy')).queue)).stdout).toContain('1 message');
  expect(readFileSync(join(folder, 'copy/state.sqlite'))).toEqual(readFileSync(file));
});
