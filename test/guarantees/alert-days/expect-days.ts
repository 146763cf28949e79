import { expect } from 'vitest';
import type { Mode } from './day.ts';
import { playDay } from './play.ts';
import { openStore, type StoreKind } from './stores.ts';

type Days = { store: StoreKind; mode: Mode; from: number; to: number; mostAlerts?: number };

/** Fails with the trace of the first day with a violation, and with the command that repeats the day. */
export async function expectGoodDays({ store: kind, mode, from, to, ...options }: Days): Promise<void> {
  const store = await openStore(kind);
  let exports = 0;
  try {
    for (let seed = from; seed <= to; seed += 1) {
      const result = await playDay({ mode, seed, ...options }, store);
      const story = result.violations.length > 0 ? result.trace.join('\n') : '';
      expect(result.violations, `${repeatedBy({ kind, mode, seed, ...options })}\n${story}`).toEqual([]);
      exports += result.exports;
    }
  } finally {
    await store.close();
  }
  // Days without exports would pass every check.
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
