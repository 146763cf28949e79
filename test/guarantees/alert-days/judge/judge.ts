import { formatIntervals, type Interval, minus } from '../../simulation/judge/intervals.ts';
import { DAY, KEPT, MINUTE } from '../../simulation/story/durations.ts';
import type { World } from '../world.ts';
import { type Export, exportsOf, has } from './exports.ts';
import { capExceeded, exportedAgain, needless } from './judge-submissions.ts';
import { keptRequests, type Request, reportsOf } from './requests.ts';

/** What is wrong when a day is over and no request is open: a sentence for each violation. */
export async function judge(world: World): Promise<string[]> {
  const requests = await keptRequests(world);
  const exports = await exportsOf(world);
  return [
    ...requests.filter(({ state }) => state === 'open').map(({ name }) => `${name} is still open`),
    ...requests
      .filter(({ state }) => state !== 'open')
      .flatMap((request) => uncovered(world, request, exports)),
    ...(await leftOpen(world)),
    ...requests.flatMap((request) => unreported(world, request)),
    ...lostTooEarly(world),
    ...mixedUp(exports),
    ...unreportedDamage(world),
    ...nights(world, exports),
    ...capExceeded(world),
    ...exportedAgain(world),
    ...needless(world),
  ];
}

/** Every export for alerts with a readable row is finished. */
async function leftOpen({ store, target, damaged }: World): Promise<string[]> {
  const { windows } = await store.ledger.listOpen(target.id);
  const damagedNames = new Set(damaged.map(({ name }) => name));
  return windows
    .filter(({ series, state }) => series !== 'calendar' && state !== 'unreadable')
    .filter(({ series }) => !damagedNames.has(series))
    .map(({ series, state }) => `the export ${series} is still ${state}`);
}

/** The window of a closed request is in tasks with SUCCESS that were submitted late enough, or was reported as lost. */
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
        `${name} of ${alertId} was closed at ${when}, and neither exported nor reported as lost is ${formatIntervals(missing)}`,
      ]
    : [];
}

/** Every loss in a row was reported, and every task in a row exists. */
function unreported(world: World, { name, alertId, state, window, lost, tasks }: Request): string[] {
  const missing = minus(lost, lossesOf(world, alertId));
  const known = new Set(world.emulator.tasks().map(({ id }) => id));
  return [
    ...(missing.length > 0
      ? [`${name} has a loss that was never reported: ${formatIntervals(missing)}`]
      : []),
    ...(state === 'lost' && minus([window], lost).length > 0 ? [`${name} is not lost as a whole`] : []),
    ...tasks.filter((id) => !known.has(id)).map((id) => `${name} names a task ${id} that is not there`),
  ];
}

function lossesOf(world: World, alertId: string): Interval[] {
  return reportsOf(world, 'request_lost').flatMap((loss) => (loss.alertId === alertId ? [loss.window] : []));
}

/** Five minutes for the call, and one because the time is rounded to a whole minute. */
const MARGIN = 6 * MINUTE;

function lostTooEarly(world: World): string[] {
  const early = reportsOf(world, 'request_lost').filter(
    ({ at, window: [, end] }) => end > at - KEPT + MARGIN,
  );
  return early.map(
    ({ alertId, window }) =>
      `reported as lost of ${alertId}, although Huawei had it: ${formatIntervals([window])}`,
  );
}

/** Each task has one message id, and each message id one task. */
function mixedUp(exports: readonly Export[]): string[] {
  const byId = Map.groupBy(exports, ({ messageId }) => messageId);
  const byTask = Map.groupBy(exports, ({ task }) => task.id);
  const isMixed = (group: readonly Export[]) =>
    new Set(group.map(({ messageId, task }) => `${messageId} ${task.id}`)).size > 1;
  return [...byId, ...byTask]
    .filter(([, group]) => isMixed(group))
    .map(([id]) => `message and task mixed up: ${id}`);
}

/** An unreadable row that the program reads is reported, by its name or by its window. */
function unreportedDamage({ damaged, reported }: World): string[] {
  const messages = reported.flatMap(({ at, event }) =>
    event.type === 'row_unreadable' ? [{ at, text: event.message }] : [],
  );
  return damaged
    .filter(({ isRead }) => isRead)
    .filter(({ name, document, at }) => {
      const { start, end } = JSON.parse(document).window;
      const isReported = (text: string) => text.includes(name) || text.includes(`${start}/${end}`);
      return !messages.some((message) => message.at >= at && isReported(message.text));
    })
    .map(({ name }) => `${name} cannot be read, and that was not reported`);
}

/** Each night has one export of the whole night. In modes without failures, the run of that night submits the export. */
function nights({ day, now }: World, exports: readonly Export[]): string[] {
  const isPunctual = ['calm', 'interleaved'].includes(day.mode);
  const violations: string[] = [];
  for (let start = day.start - DAY; start + DAY + 35 * MINUTE <= now(); start += DAY) {
    const of = exports.filter(({ isOfAlerts, window }) => !isOfAlerts && window[0] === start);
    const whole = of.find(({ task, covers }) => task.status === 'SUCCESS' && covers[1] === start + DAY);
    const isLate = whole && isPunctual && whole.task.createdAt > start + DAY + 35 * MINUTE;
    if (!whole || isLate)
      violations.push(
        `the night ${formatIntervals([[start, start + DAY]])} is ${whole ? 'late' : 'missing'}`,
      );
  }
  return violations;
}
