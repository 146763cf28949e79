import type { Ledger } from '../../../lib/ports.ts';

/** The same ledger, and the number of its calls so far. A listing counts as one call, whatever its number of pages. */
export function countedLedger(ledger: Ledger): { ledger: Ledger; calls: () => number } {
  let calls = 0;
  const works: [string, (...values: never[]) => unknown][] = Object.entries(ledger);
  const counted = works.map(([name, work]) => [
    name,
    (...values: never[]) => {
      calls += 1;
      return work(...values);
    },
  ]);
  return { ledger: Object.fromEntries(counted), calls: () => calls };
}
