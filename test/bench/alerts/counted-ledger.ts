import type { Ledger } from '../../../lib/ports.ts';

/** The same ledger, and how often it was called so far. A listing counts as one, however many pages it has. */
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
