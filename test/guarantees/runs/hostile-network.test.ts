import { Temporal } from 'temporal-polyfill';
import { expect, it } from 'vitest';
import { newestDueWindow } from '../../../lib/domain/time/windows.ts';
import { expectNothingSecret, expectPartition, expectRecognisableDuplicates } from '../expectations.ts';
import { openStores } from '../world.ts';
import { type HostileRuns, runHostileNights } from './hostile-nights.ts';

// HOSTILE_SEED repeats one seed. HOSTILE_RUNS is the number of runs.
const { HOSTILE_SEED: seedWanted, HOSTILE_RUNS: wanted = '1000' } = process.env;

it('whatever the network and the cloud do, every due window is published in the end, and no secret is in the output', async () => {
  const stores = await openStores('SQLite');
  const first = Number(seedWanted ?? Date.now() % 1_000_000);
  let runs = 0;
  for (let seed = first; ; seed += 1) {
    runs += await checkRuns(await runHostileNights(stores, seed)).catch((error) => {
      throw new Error(`HOSTILE_SEED=${seed}: ${error}`, { cause: error });
    });
    if (seedWanted !== undefined || runs >= Number(wanted)) break;
  }
});

async function checkRuns({ world, runs, secrets, from, to }: HostileRuns): Promise<number> {
  try {
    const messages = await world.messages();
    const { end } = newestDueWindow(world.target.window, Temporal.Instant.from(to));
    expectPartition(messages, from, end.toString());
    expectRecognisableDuplicates(messages);
    const entries = await world.entries();
    const open = entries.filter(({ state }) => state !== 'confirmed');
    expect(
      open.map((entry) => `${entry.window.start} ${entry.state} ${entry.failureKind} ${entry.attempt}`),
    ).toEqual([]);
    await expectNothingSecret(world, secrets);
    return runs;
  } finally {
    await world.close();
  }
}
