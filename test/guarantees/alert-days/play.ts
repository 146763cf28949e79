import { formatIntervals, type Interval, minus } from '../simulation/judge/intervals.ts';
import { MINUTE, SECOND } from '../simulation/story/durations.ts';
import { type Day, dayOf, type Mode, QUARTER } from './day.ts';
import { judge } from './judge/judge.ts';
import { keptRequests, type Request, reportsOf } from './judge/requests.ts';
import { deliver, playSteps, runOnce } from './play-day.ts';
import type { Store } from './stores.ts';
import { createWorld, type World } from './world.ts';

/** The result of a day: what is wrong, and a line for each thing that happened. */
export type DayResult = { violations: string[]; trace: readonly string[]; exports: number; alerts: number };

export type DayOptions = { mode: Mode; seed: number; mostAlerts?: number };

/** Plays a day, and quiet days after it until no request is open. Then all alerts come once more. */
export async function playDay({ mode, seed, mostAlerts }: DayOptions, store: Store): Promise<DayResult> {
  const day = dayOf(mode, seed, mostAlerts);
  const world = await createWorld(day, store);
  const trace = [`${mode} day ${seed}: cap ${day.cap}, max_attempts ${day.maxAttempts}`];
  try {
    await playSteps(world, (line) => trace.push(line));
    const exhausted = await calmDown(world);
    const violations = [...exhausted, ...(await judge(world)), ...(await replayed(world))];
    const exports = world.submissions.filter(({ isOfAlerts }) => isOfAlerts).length;
    return {
      violations,
      trace: [...trace, ...formatSubmissions(world)],
      exports,
      alerts: alertsOf(day).length,
    };
  } finally {
    await world.close();
  }
}

/** Runs sweeps until only exhausted requests are open. Then allows more attempts, and runs sweeps until no request is open. */
async function calmDown(world: World): Promise<string[]> {
  world.areFailuresOn = false;
  await sweepUntilQuiet(world, async () => (await unreportedOpen(world)).length === 0);
  const [first] = await unreportedOpen(world);
  if (first) return [`${first.name} is open after ${QUIET_DAYS} quiet days, and no reason was reported`];
  world.target.maxAttempts = 20;
  await sweepUntilQuiet(world, async () => (await openRequests(world)).length === 0 && (await isIdle(world)));
  await sweepUntilQuiet(world, async () => true);
  // Time for Huawei to end the task that the last sweep submitted for the night.
  world.moveTo(world.now() + 30 * SECOND);
  return [];
}

const QUIET_DAYS = 4;

async function sweepUntilQuiet(world: World, isQuiet: () => Promise<boolean>): Promise<void> {
  const last = world.day.end + QUIET_DAYS * 24 * 60 * MINUTE;
  let next = world.day.start + world.day.phase;
  while (next <= world.now()) next += QUARTER;
  for (; next < last; next += QUARTER) {
    const night = nightBefore(next);
    if (night > world.now()) {
      world.moveTo(night);
      await runOnce(world, 'night');
    }
    world.moveTo(next);
    await runOnce(world, 'sweep');
    if (world.now() > world.day.end && (await isQuiet())) return;
  }
}

function nightBefore(at: number): number {
  const midnight = at - (at % (24 * 60 * MINUTE));
  const night = midnight + 35 * MINUTE;
  return night <= at ? night : night - 24 * 60 * MINUTE;
}

async function openRequests(world: World): Promise<Request[]> {
  return (await keptRequests(world)).filter(({ state }) => state === 'open');
}

async function unreportedOpen(world: World): Promise<Request[]> {
  const exhausted = new Set(reportsOf(world, 'request_exhausted').map(({ alertId }) => alertId));
  return (await openRequests(world)).filter(({ alertId }) => !exhausted.has(alertId));
}

async function isIdle({ store, target }: World): Promise<boolean> {
  const { windows } = await store.ledger.listOpen(target.id);
  return windows.every(({ series, state }) => series === 'calendar' || state === 'unreadable');
}

/**
 * All alerts with a row come again. They cause no export, except for windows of exports whose rows were damaged after
 * their requests had been closed.
 */
async function replayed(world: World): Promise<string[]> {
  const kept = new Set(
    (await keptRequests(world)).map(({ alertId, window }) => `${alertId} ${window.join()}`),
  );
  const before = world.submissions.length;
  for (const alert of alertsOf(world.day))
    if (kept.has(`${alert.id} ${alert.start},${alert.end}`)) await deliver(world, [alert]);
  await runOnce(world, 'sweep');
  const unreportedOpen = damagedWindows(world);
  const more = world.submissions
    .slice(before)
    .filter(({ window }) => minus([window], unreportedOpen).length > 0);
  return more.map(({ window }) => `submitted because all alerts came again: ${formatIntervals([window])}`);
}

function damagedWindows({ damaged }: World): Interval[] {
  return damaged
    .filter(({ name }) => name.startsWith('alert/'))
    .map(({ document }) => {
      const { start, end } = JSON.parse(document).window;
      return [Date.parse(start), Date.parse(end)];
    });
}

function alertsOf({ steps }: Day) {
  return steps.flatMap((one) =>
    one.do === 'arrival' ? one.alerts : one.do === 'burst' ? one.arrivals.flat() : [],
  );
}

function formatSubmissions({ submissions }: World): string[] {
  const short = (at: number) => new Date(at).toISOString().slice(5, 19);
  return submissions.map(
    ({ at, window: [start, end], address = 'all', isOfAlerts, failure = 'accepted', taskIds }) =>
      `submitted at ${short(at)} ${isOfAlerts ? '' : 'for the night '}${short(start)}/${short(end)} ${address}: ${failure}, tasks: ${taskIds.length}`,
  );
}
