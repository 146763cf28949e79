import { minus, type Stretch, told } from '../simulation/judge/intervals.ts';
import { MINUTE, SECOND } from '../simulation/story/durations.ts';
import { type Day, dayOf, type Mode, QUARTER } from './day.ts';
import { judge } from './judge/judge.ts';
import { keptRequests, type Request, toldOf } from './judge/requests.ts';
import { deliver, liveThrough, runOnce } from './play-day.ts';
import type { Store } from './stores.ts';
import { createWorld, type World } from './world.ts';

/** What came of a day: what was wrong, if anything, and how it came to that. */
export type Life = { faults: string[]; trace: readonly string[]; exports: number; alerts: number };

export type DayOptions = { mode: Mode; seed: number; mostAlerts?: number };

/** Lives through a day, and the quiet days after it until nothing is left to do; then all alerts come once more. */
export async function liveDay({ mode, seed, mostAlerts }: DayOptions, store: Store): Promise<Life> {
  const day = dayOf(mode, seed, mostAlerts);
  const world = await createWorld(day, store);
  const trace = [`${mode} day ${seed}: cap ${day.cap}, max_attempts ${day.maxAttempts}`];
  try {
    await liveThrough(world, (line) => trace.push(line));
    const exhausted = await calmDown(world);
    const faults = [...exhausted, ...(await judge(world)), ...(await replayed(world))];
    const exports = world.orders.filter(({ isOfAlerts }) => isOfAlerts).length;
    return { faults, trace: [...trace, ...toldOrders(world)], exports, alerts: alertsOf(day).length };
  } finally {
    await world.close();
  }
}

/** Sweeps come until nothing is open but what is exhausted; then more attempts are allowed, and they go on. */
async function calmDown(world: World): Promise<string[]> {
  world.isTroubled = false;
  await sweepUntilQuiet(world, async () => (await forgotten(world)).length === 0);
  const [first] = await forgotten(world);
  if (first) return [`${first.name} is open after ${QUIET_DAYS} quiet days, and nobody was told why`];
  world.target.maxAttempts = 20;
  await sweepUntilQuiet(world, async () => (await openRequests(world)).length === 0 && (await isIdle(world)));
  await sweepUntilQuiet(world, async () => true);
  // Huawei ends what the last of them ordered for the night.
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

async function forgotten(world: World): Promise<Request[]> {
  const exhausted = new Set(toldOf(world, 'request_exhausted').map(({ alertId }) => alertId));
  return (await openRequests(world)).filter(({ alertId }) => !exhausted.has(alertId));
}

async function isIdle({ store, target }: World): Promise<boolean> {
  const { windows } = await store.ledger.listOpen(target.id);
  return windows.every(({ series, state }) => series === 'calendar' || state === 'unreadable');
}

/**
 * All alerts come again whose rows are kept, and nothing is ordered because of them, but for what was in an export whose
 * row became unreadable after its requests had been closed.
 */
async function replayed(world: World): Promise<string[]> {
  const kept = new Set(
    (await keptRequests(world)).map(({ alertId, window }) => `${alertId} ${window.join()}`),
  );
  const before = world.orders.length;
  for (const alert of alertsOf(world.day))
    if (kept.has(`${alert.id} ${alert.start},${alert.end}`)) await deliver(world, [alert]);
  await runOnce(world, 'sweep');
  const forgotten = damagedWindows(world);
  const more = world.orders.slice(before).filter(({ window }) => minus([window], forgotten).length > 0);
  return more.map(({ window }) => `ordered because all alerts came again: ${told([window])}`);
}

function damagedWindows({ damaged }: World): Stretch[] {
  return damaged
    .filter(({ name }) => name.startsWith('alert/'))
    .map(({ record }) => {
      const { start, end } = JSON.parse(record).window;
      return [Date.parse(start), Date.parse(end)];
    });
}

function alertsOf({ happenings }: Day) {
  return happenings.flatMap((one) =>
    one.do === 'arrival' ? one.alerts : one.do === 'rush' ? one.arrivals.flat() : [],
  );
}

function toldOrders({ orders }: World): string[] {
  const short = (at: number) => new Date(at).toISOString().slice(5, 19);
  return orders.map(
    ({ at, window: [start, end], address = 'all', isOfAlerts, failure = 'accepted', taskIds }) =>
      `ordered at ${short(at)} ${isOfAlerts ? '' : 'for the night '}${short(start)}/${short(end)} ${address}: ${failure}, tasks: ${taskIds.length}`,
  );
}
