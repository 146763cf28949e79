import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { createRandom, type Random } from '../../../lib/emulator/logins/random.ts';
import { temporaryFolder } from '../../support/vitest/temporary-folder.ts';
import { expectPartition, expectRecognisableDuplicates } from '../expectations.ts';
import { commandWorld, ended } from './processes.ts';

// Windows of an hour for 30 days. At the start the last one is not due, and the first one is 50 minutes before the cutoff.
const START = '2026-11-23T00:05:00Z';
const [FROM, TO] = ['2026-10-24T01:00:00Z', '2026-11-23T01:00:00Z'];
const WINDOWS = 720;
const KILLS = 100;

// BACKFILL_SEED repeats a run, although the timing of processes differs.
const { BACKFILL_SEED: seedWanted } = process.env;

it('a backfill that is killed a hundred times, at any moment, ends with every window published', async () => {
  const seed = Number(seedWanted ?? Date.now() % 1_000_000);
  // Most of the time here is the start of processes, and most of a start is compilation.
  vi.stubEnv('NODE_COMPILE_CACHE', temporaryFolder());
  await ended((await hourly()).backfill('--to', '2026-10-24T02:00:00Z'));
  await check(await hourly(), createRandom(seed)).catch((error) => {
    throw new Error(`BACKFILL_SEED=${seed}: ${error}`, { cause: error });
  });
});

async function check(world: World, random: Random): Promise<void> {
  const victims: Victim[] = [];
  for (let kill = 0; kill < KILLS; kill += 1) {
    victims.push(await killedAtWork(world, random));
    // The lease ends before the next process starts.
    world.time.now = world.time.now.add({ minutes: 7 });
  }
  expect(victims.filter(({ status }) => status !== null)).toEqual([]);
  expect(victims.filter(({ calls }) => calls > 0).length).toBeGreaterThan(75);
  const publishedByVictims = (await world.messages()).length;
  expect(publishedByVictims).toBeGreaterThan(WINDOWS / 3);

  expect(await ended(world.backfill())).toMatchObject({ status: 0, stderr: '' });
  const messages = await world.messages();
  expect(messages.length).toBeGreaterThan(publishedByVictims);
  expect(new Set(messages.map(({ subject }) => subject)).size).toBe(WINDOWS);
  expectPartition(messages, FROM, TO);
  expectRecognisableDuplicates(messages);
  expectSoundState(world.state, world.emulator.tasks().length);

  const again = await ended(world.backfill('--json'));
  expect(again.status).toBe(0);
  expect(JSON.parse(again.stdout)).toMatchObject({
    runs: [{ published: 0, already_covered: WINDOWS, deferred: 0, failed: [], lost: [] }],
    messages: [],
  });
  expect(await world.messages()).toHaveLength(messages.length);
}

type World = Awaited<ReturnType<typeof hourly>>;

async function hourly() {
  const world = await commandWorld({ every: 'PT1H', delay: 'PT0S' }, START);
  const range = ['--target', 'acme', '--from', FROM, '--to', TO];
  return { ...world, backfill: (...argv: string[]) => world.command('backfill', ...range, ...argv) };
}

/** The exit status of a process (null after a kill), and the number of exports that it submitted. */
type Victim = { status: number | null; calls: number };

// Most kills come after some exports, so that slow machines have kills at work too. One kill in ten comes before the first.
async function killedAtWork({ backfill, emulator }: World, random: Random): Promise<Victim> {
  const calls = () => emulator.requests().filter(({ kind }) => kind === 'export').length;
  const before = calls();
  const child = backfill();
  const end = ended(child);
  const after = random.below(10) === 0 ? 0 : 1 + random.below(12);
  if (after === 0) await wait(random.below(300));
  while (child.exitCode === null && calls() < before + after) await wait(1);
  await wait(random.below(6));
  child.kill('SIGKILL');
  return { status: (await end).status, calls: calls() - before };
}

function expectSoundState(state: string, tasks: number): void {
  const file = join(state, 'state.sqlite');
  const database = new DatabaseSync(file);
  expect(database.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
  const states = database.prepare('SELECT state, count(*) AS rows FROM windows GROUP BY state').all();
  expect(states).toEqual([{ state: 'published', rows: WINDOWS }]);
  const kept = database
    .prepare("SELECT sum(json_extract(document, '$.orphans')) AS orphans FROM windows")
    .get();
  // Every task is published, or is one that a killed run may have left.
  expect(tasks).toBeLessThanOrEqual(WINDOWS + Number(kept?.['orphans'] ?? 0));
  database.close();
}
