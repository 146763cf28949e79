import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { expectPartition } from '../guarantees/expectations.ts';
import { commandWorld, ended } from '../guarantees/kills/processes.ts';

const FROM = '2026-11-21T00:00:00Z';
const TO = '2026-11-23T00:00:00Z';
const RANGE = ['--target', 'acme', '--from', FROM, '--to', TO];

/** A backfill whose process gets `signal` when it has published five windows of 48, and waits to order the sixth. */
async function interrupted(signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP') {
  const world = await commandWorld({ every: 'PT1H' }, '2026-11-23T00:35:00Z');
  world.emulator.setScenario({
    steps: [
      { on: 'export', times: 5, effect: { type: 'pass' } },
      { on: 'export', effect: { type: 'throttle', retry_after: 60 } },
    ],
  });
  const child = world.command('backfill', ...RANGE);
  const { stdout, stderr } = child;
  if (!stdout || !stderr) throw new Error('The process has no pipes.');
  const closed = once(child, 'close');
  const errors = text(stderr);
  let printed = '';
  for await (const chunk of stdout) {
    printed += chunk;
    if (String(chunk).includes('throttles')) child.kill(signal);
  }
  return { world, printed, status: (await closed)[0], errors: await errors };
}

it('Ctrl-C ends a backfill with 130 and says so, and the same command goes on with what is left', async () => {
  const { world, printed, status, errors } = await interrupted('SIGINT');
  expect({ status, errors }).toEqual({ status: 130, errors: '' });
  expect(printed).toContain('Windows: 5 published, 0 already exported, 43 deferred, 0 failed.');
  expect(printed).toContain('43 windows deferred: run the same command again to continue.');

  const again = await ended(world.command('backfill', ...RANGE, '--json'));
  expect(again.status).toBe(0);
  expect(JSON.parse(again.stdout)).toMatchObject({ runs: [{ published: 43, already_covered: 5 }] });
  const messages = await world.messages();
  expect(messages).toHaveLength(48);
  expectPartition(messages, FROM, TO);
});

it.each([
  ['SIGTERM', 130],
  ['SIGHUP', 129],
] as const)('%s ends it the same way with %i', async (signal, expected) => {
  const { world, printed, status } = await interrupted(signal);
  expect(status).toBe(expected);
  expect(printed).toContain('43 windows deferred: run the same command again to continue.');
  const again = await ended(world.command('backfill', ...RANGE, '--json'));
  expect(JSON.parse(again.stdout)).toMatchObject({ runs: [{ published: 43, already_covered: 5 }] });
});
