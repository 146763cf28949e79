import { currentWindow, planOf } from '../../../lib/exports/coverage/plan.ts';
import { readTarget } from '../../../lib/exports/coverage/rewrite-target.ts';
import { assessFor, loadTargetState } from '../../../lib/exports/coverage/state.ts';
import { inTurns, median } from '../in-turns.ts';
import { ledgerAt, requestsOf } from './ledger-place.ts';
import { plannedTarget } from './planned-target.ts';

/** What it takes to plan a target. `milliseconds` are of the processor, in all threads of this process. */
export type PlanCost = {
  milliseconds: number;
  requests: number;
  /** How many the ledger listed, and how many are to be ordered. */
  rows: number;
  windows: number;
};

export type PlanCosts = {
  withGap: PlanCost;
  healthy: PlanCost;
  /** Of the plan with the gap when it is the first of the process, whose code no compiler has seen yet. */
  coldMilliseconds: number;
  /** Of reading the same rows whole and parsing their JSON, and nothing else. */
  readingMilliseconds: number;
};

const ROUNDS = 15;

const [place = '', windows = ''] = process.argv.slice(2);
const { ledger, wholeRecords } = ledgerAt(place);
const { input, clock, healthy } = plannedTarget(Number(windows));
const { target } = input;

// Loads the SDK, which is no part of the plan.
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
  const asked = { own: currentWindow(input), now: clock(), isVerified: true };
  const found = await loadTargetState(ledger, target, { asked, stored });
  if (!found) throw new Error('There is nothing to plan.');
  const seen = assessFor(target, found, asked);
  return { rows: found.entries.length, windows: planOf(input, seen, clock()).length };
}

async function readWhole() {
  for (const record of await wholeRecords(target.id)) JSON.parse(record);
}

async function processorTime(work: () => Promise<unknown>): Promise<number> {
  const begin = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(begin);
  return (user + system) / 1000;
}
