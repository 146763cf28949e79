import { expect, it } from 'vitest';
import { expectPartition } from '../expectations.ts';
import { commandWorld, type Ended, ended } from '../kills/processes.ts';

const START = '2026-10-14T00:35:00Z';
const NOW = '2026-11-23T00:35:00Z';
// The end is the cutoff, plus five minutes for the call, rounded up to a whole minute.
const LOST = { start: '2026-10-14T00:00:00Z', end: '2026-10-24T00:41:00Z' };

it('forty days without a run: the command exports what there still is, says what is lost, and status agrees', async () => {
  const world = await commandWorld({ every: 'P1D' }, START);
  await ended(world.command('run', '--at', START));
  world.time.now = world.time.now.add({ hours: 40 * 24 });

  const plan = json(await ended(world.command('plan', '--at', NOW, '--json')));
  const caughtUp = await ended(world.command('run', '--at', NOW));
  expect(caughtUp.status).toBe(1);
  expect(caughtUp.stdout).toMatch(/2026-10-14T00:00:00Z to 2026-10-15T00:00:00Z +is lost: .* 30 days/);
  const [, ...exported] = await world.messages();
  expectPartition(exported, LOST.end, '2026-11-23T00:00:00Z');
  expect(exported.map(({ subject }) => subject)).toEqual(
    plan.targets[0].windows.map(({ start, end }: typeof LOST) => `${start}/${end}`),
  );

  const again = await ended(world.command('run', '--at', NOW, '--json'));
  expect(json(again)).toMatchObject({ runs: [{ published: 0, lost: [], failed: [] }], messages: [] });
  expect(again.status).toBe(0);

  world.time.now = world.time.now.add({ minutes: 10 });
  await ended(world.command('run', '--sweep'));
  const status = json(await ended(world.command('status', '--json')));
  expect(status.targets).toMatchObject([
    {
      target_id: 'acme',
      covered_from: '2026-10-13T00:00:00Z',
      covered_until: '2026-11-23T00:00:00Z',
      pending: [],
      gaps: [],
      at_risk: [],
      lost: [LOST],
      orphans: [],
      last_error: null,
    },
  ]);
});

function json({ stdout }: Ended) {
  return JSON.parse(stdout);
}
