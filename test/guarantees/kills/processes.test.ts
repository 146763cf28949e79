import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createRandom } from '../../../lib/emulator/logins/random.ts';
import { PASSWORD } from '../../support/huawei/start-huawei.ts';
import { expectPartition, expectRecognisableDuplicates } from '../expectations.ts';
import { commandWorld, type Ended, ended } from './processes.ts';

const START = '2026-11-15T00:35:00Z';
const FROM = '2026-11-14T23:00:00Z';

it('several processes at the same moment export every window once', async () => {
  const world = await commandWorld({ every: 'PT1H' }, START);
  await ended(world.command('run'));
  world.time.now = world.time.now.add({ hours: 72 });
  const runs = await Promise.all([1, 2, 3].map(() => ended(world.command('run'))));
  expect(runs.map(({ stderr }) => stderr)).toEqual(['', '', '']);
  const messages = await world.messages();
  expectPartition(messages, FROM, '2026-11-18T00:00:00Z');
  expect(messages).toHaveLength(73);
  expect(world.emulator.tasks()).toHaveLength(73);
});

it('a process that is killed again and again, at any moment, leaves nothing undone', async () => {
  const seed = Date.now() % 1_000_000;
  const random = createRandom(seed);
  const world = await commandWorld({ every: 'PT1H' }, START);
  await ended(world.command('run'));
  world.time.now = world.time.now.add({ hours: 20 * 24 });
  const scheduled = world.time.now.toString();
  const progress = new Set<number>();
  for (let tries = 0; tries < 25; tries += 1) {
    const child = world.command('run', '--at', scheduled);
    const end = ended(child);
    // Some processes are killed while they start, most of them at work.
    if (random.below(5) > 0) await atWork(child);
    await wait(random.below(150));
    child.kill('SIGKILL');
    expectNothingSecret(await end);
    progress.add((await world.messages()).length);
    // The leases end before the next process starts.
    world.time.now = world.time.now.add({ minutes: 7 });
  }
  const last = await ended(world.command('run', '--at', scheduled));
  expect(last, `seed ${seed}`).toMatchObject({ status: 0, stderr: '' });
  const messages = await world.messages();
  expectPartition(messages, FROM, '2026-12-05T00:00:00Z');
  expectRecognisableDuplicates(messages);
  expect(progress.size, `seed ${seed}`).toBeGreaterThan(8);
  expectNothingSecret({ ...last, stdout: readFileSync(join(world.state, 'state.sqlite'), 'latin1') });
});

/** Resolves when a process has printed its first window, or has ended. */
async function atWork(child: ChildProcess): Promise<void> {
  const isOver = once(child, 'close').then(() => true);
  const chunk = () => once(child.stdout ?? child, 'data').then(([data]) => String(data).includes('✓'));
  while (!(await Promise.race([isOver, chunk()])));
}

function expectNothingSecret({ stdout, stderr }: Ended): void {
  expect(stdout + stderr).not.toContain(PASSWORD.password);
  expect(stdout + stderr).not.toMatch(/MII[\w-]{20}/);
}
