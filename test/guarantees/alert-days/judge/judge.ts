import { minus, type Stretch, told } from '../../simulation/judge/intervals.ts';
import { DAY, KEPT, MINUTE } from '../../simulation/story/durations.ts';
import type { World } from '../world.ts';
import { type Export, exportsOf, has } from './exports.ts';
import { capExceeded, exportedAgain, needless } from './judge-submissions.ts';
import { keptRequests, type Request, toldOf } from './requests.ts';

/** What is wrong when a day is over and all is quiet: nothing, or sentences. */
export async function judge(world: World): Promise<string[]> {
  const requests = await keptRequests(world);
  const exports = await exportsOf(world);
  return [
    ...requests.filter(({ state }) => state === 'open').map(({ name }) => `${name} is still open`),
    ...requests
      .filter(({ state }) => state !== 'open')
      .flatMap((request) => uncovered(world, request, exports)),
    ...(await leftOpen(world)),
    ...requests.flatMap((request) => untold(world, request)),
    ...lostTooEarly(world),
    ...mixedUp(exports),
    ...unheard(world),
    ...nights(world, exports),
    ...capExceeded(world),
    ...exportedAgain(world),
    ...needless(world),
  ];
}

/** No export for alerts is unfinished whose row can be read. */
async function leftOpen({ store, target, damaged }: World): Promise<string[]> {
  const { windows } = await store.ledger.listOpen(target.id);
  const damagedNames = new Set(damaged.map(({ name }) => name));
  return windows
    .filter(({ series, state }) => series !== 'calendar' && state !== 'unreadable')
    .filter(({ series }) => !damagedNames.has(series))
    .map(({ series, state }) => `the export ${series} is left ${state}`);
}

/** When a request was closed, what it asked for was in tasks that were ordered late enough, or told as lost. All of them ended well. */
function uncovered(
  world: World,
  { name, alertId, window, address, updatedAt }: Request,
  exports: readonly Export[],
): string[] {
  const covered = exports
    .filter(({ task }) => task.status === 'SUCCESS' && task.createdAt <= updatedAt)
    .filter((one) => has(one, address))
    .map(({ covers }) => covers);
  const missing = minus([window], [...covered, ...lossesOf(world, alertId)]);
  const when = new Date(updatedAt).toISOString();
  return missing.length > 0
    ? [
        `${name} of ${alertId} was closed at ${when}, and neither exported nor told as lost is ${told(missing)}`,
      ]
    : [];
}

/** A row says nothing that nobody was told of. */
function untold(world: World, { name, alertId, state, window, lost, tasks }: Request): string[] {
  const missing = minus(lost, lossesOf(world, alertId));
  const known = new Set(world.emulator.tasks().map(({ id }) => id));
  return [
    ...(missing.length > 0 ? [`${name} has what was never told as lost: ${told(missing)}`] : []),
    ...(state === 'lost' && minus([window], lost).length > 0 ? [`${name} is not lost as a whole`] : []),
    ...tasks.filter((id) => !known.has(id)).map((id) => `${name} names a task ${id} that is not there`),
  ];
}

function lossesOf(world: World, alertId: string): Stretch[] {
  return toldOf(world, 'request_lost').flatMap((loss) => (loss.alertId === alertId ? [loss.window] : []));
}

/** Five minutes are for the call, and the time is rounded to a whole minute. */
const MARGIN = 6 * MINUTE;

function lostTooEarly(world: World): string[] {
  const early = toldOf(world, 'request_lost').filter(({ at, window: [, end] }) => end > at - KEPT + MARGIN);
  return early.map(
    ({ alertId, window }) => `told as lost of ${alertId}, and Huawei had it: ${told([window])}`,
  );
}

/** A task has one message id, and a message id one task. */
function mixedUp(exports: readonly Export[]): string[] {
  const byId = Map.groupBy(exports, ({ messageId }) => messageId);
  const byTask = Map.groupBy(exports, ({ task }) => task.id);
  const isMixed = (group: readonly Export[]) =>
    new Set(group.map(({ messageId, task }) => `${messageId} ${task.id}`)).size > 1;
  return [...byId, ...byTask]
    .filter(([, group]) => isMixed(group))
    .map(([id]) => `message and task mixed up: ${id}`);
}

/** A row that somebody should have read and could not is told, by its name or by its window. */
function unheard({ damaged, told: heard }: World): string[] {
  const problems = heard.flatMap(({ at, event }) =>
    event.type === 'row_unreadable' ? [{ at, text: event.message }] : [],
  );
  return damaged
    .filter(({ isRead }) => isRead)
    .filter(({ name, record, at }) => {
      const { start, end } = JSON.parse(record).window;
      const isTold = (text: string) => text.includes(name) || text.includes(`${start}/${end}`);
      return !problems.some((message) => message.at >= at && isTold(message.text));
    })
    .map(({ name }) => `nobody was told that ${name} cannot be read`);
}

/** Each night has an export of its own, as a whole; where nothing goes wrong, by the run of its time. */
function nights({ day, now }: World, exports: readonly Export[]): string[] {
  const isPunctual = ['calm', 'interleaved'].includes(day.mode);
  const faults: string[] = [];
  for (let start = day.start - DAY; start + DAY + 35 * MINUTE <= now(); start += DAY) {
    const of = exports.filter(({ isOfAlerts, window }) => !isOfAlerts && window[0] === start);
    const whole = of.find(({ task, covers }) => task.status === 'SUCCESS' && covers[1] === start + DAY);
    const isLate = whole && isPunctual && whole.task.createdAt > start + DAY + 35 * MINUTE;
    if (!whole || isLate)
      faults.push(`the night ${told([[start, start + DAY]])} is ${whole ? 'late' : 'missing'}`);
  }
  return faults;
}
