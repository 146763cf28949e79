import { currentWindow } from '../../../lib/exports/coverage/due.ts';
import { readTarget } from '../../../lib/exports/coverage/target-row-store.ts';
import { assessFor, loadTargetState } from '../../../lib/exports/coverage/target-state.ts';
import { planOf } from '../../../lib/exports/run/plan.ts';
import { inTurns, median } from '../in-turns.ts';
import { ledgerAt, requestsOf } from './ledger-place.ts';
import { plannedTarget } from './planned-target.ts';

/** The cost of planning a target. `milliseconds` is CPU time of all threads of this process. */
export type PlanCost = {
  milliseconds: number;
  requests: number;
  /** The number of rows that the ledger listed; `windows` is the number of windows to submit. */
  rows: number;
  windows: number;
};

export type PlanCosts = {
  withGap: PlanCost;
  healthy: PlanCost;
  /** CPU time of the plan with the gap as the first plan of the process, before its code is compiled. */
  coldMilliseconds: number;
  /** CPU time of only reading the same rows as a whole and parsing their JSON. */
  readingMilliseconds: number;
};

const ROUNDS = 15;

const [place = '', windows = ''] = process.argv.slice(2);
const { ledger, wholeDocuments } = ledgerAt(place);
const { input, clock, healthy } = plannedTarget(Number(windows));
const { target } = input;

// Loads the SDK now, because loading is not a part of planning.
await ledger.findTarget('nobody');
const coldMilliseconds = await processorTime(plan);
const [withGap, reading] = await inTurns(ROUNDS, [() => processorTime(plan), () => processorTime(readWhole)]);
const ofGap = { milliseconds: median(withGap), ...(await requestsOf(plan)) };
await ledger.saveTarget(healthy);
const [spared] = await inTurns(ROUNDS, [() => processorTime(plan)]);
const ofHealthy = { milliseconds: median(spared), ...(await requestsOf(plan)) };

const costs: PlanCosts = {
  withGap: ofGap,
  healthy: ofHealthy,
  coldMilliseconds,
  readingMilliseconds: median(reading),
};
process.stdout.write(JSON.stringify(costs));

async function plan() {
  const stored = await readTarget({ ledger, clock, observe: () => undefined }, target);
  const scope = { current: currentWindow(input), now: clock(), isVerified: true };
  const found = await loadTargetState(ledger, target, { scope, stored });
  if (!found) throw new Error('There is nothing to plan.');
  const seen = assessFor(target, found, scope);
  return { rows: found.entries.length, windows: planOf(input, seen, clock()).length };
}

async function readWhole() {
  for (const document of await wholeDocuments(target.id)) JSON.parse(document);
}

async function processorTime(work: () => Promise<unknown>): Promise<number> {
  const begin = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(begin);
  return (user + system) / 1000;
}
