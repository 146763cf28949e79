import { expect } from 'vitest';
import type { Mode } from './day.ts';
import { liveDay } from './play.ts';
import { openStore, type StoreKind } from './stores.ts';

type Days = { store: StoreKind; mode: Mode; from: number; to: number; mostAlerts?: number };

/** Fails with the story of the first day after which something is wrong, and with the command that repeats it. */
export async function expectGoodDays({ store: kind, mode, from, to, ...options }: Days): Promise<void> {
  const store = await openStore(kind);
  let exports = 0;
  try {
    for (let seed = from; seed <= to; seed += 1) {
      const life = await liveDay({ mode, seed, ...options }, store);
      const story = life.faults.length > 0 ? life.trace.join('\n') : '';
      expect(life.faults, `${repeatedBy({ kind, mode, seed, ...options })}\n${story}`).toEqual([]);
      exports += life.exports;
    }
  } finally {
    await store.close();
  }
  // Days on which hardly anything is exported would pass everything.
  expect(exports).toBeGreaterThan((to - from + 1) * 4);
}

function repeatedBy({
  kind,
  mode,
  seed,
  mostAlerts,
}: Pick<Days, 'mode' | 'mostAlerts'> & { kind: StoreKind; seed: number }) {
  const most = mostAlerts === undefined ? '' : ` --alerts ${mostAlerts}`;
  return `npm run simulate:alerts -- --mode '${mode}' --seeds ${seed}..${seed} --store ${kind}${most}`;
}
