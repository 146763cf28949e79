import { KEPT } from '../story/durations.ts';
import type { World } from '../world/world.ts';
import { dueUntil, latestFiring, MARGIN, promisedFrom } from './expected-coverage.ts';
import { confirmedTasks, covered, coveredSoon, type Export, exportsOf } from './exported.ts';
import { minus, type Stretch, told, within } from './intervals.ts';
import { type Heard, toldExhausted, toldLost, toldOpen, wasLoud } from './observed.ts';

/** What is wrong when all is over. */
export function judgeEnd(world: World): string[] {
  return [...neverTold(world), ...notHealed(world), ...needless(world), ...mixedUp(world), ...shown(world)];
}

/** What Huawei has no longer and was not exported: told as lost, and as open while it could still be fetched. */
function neverTold(world: World): string[] {
  const from = promisedFrom(world.heard, world.story.home);
  if (from === undefined) return ['no run came to its end'];
  const gone = minus([[from, world.time.now() - KEPT]], covered(world));
  const lost = minus(
    gone,
    world.heard.flatMap((one) => [...toldLost(one), ...toldExhausted(one)]),
  );
  const open = minus(couldBeTold(world, gone), toldInTime(world));
  return [
    ...(lost.length > 0 ? [`lost and never told: ${told(lost)}`] : []),
    ...(open.length > 0 ? [`not told while it could be fetched: ${told(open)}`] : []),
  ];
}

function couldBeTold(world: World, gone: readonly Stretch[]): Stretch[] {
  return world.heard.filter(hasLooked).flatMap((one) => {
    const from = promisedFrom(world.heard.slice(0, world.heard.indexOf(one) + 1), world.story.home);
    if (from === undefined) return [];
    return within(gone, Math.max(from, one.at - KEPT + MARGIN), dueUntil(one.settings, one.began));
  });
}

function toldInTime({ heard }: World): Stretch[] {
  return heard.filter(hasLooked).filter(wasLoud).flatMap(toldOpen);
}

function hasLooked({ status, step }: Heard): boolean {
  return status !== undefined && (step.do === 'run' || step.do === 'sweep');
}

/** After the quiet end, all that Huawei still had when it began must be exported, and nobody be alarmed any more. */
function notHealed(world: World): string[] {
  const [from, last] = [promisedFrom(world.heard, world.story.home), world.heard.findLast(hasLooked)];
  if (from === undefined || !last) return ['no run came to its end'];
  const firing = latestFiring(last.settings, last.at) ?? lastRun(world);
  const due: Stretch[] = [[Math.max(from, firstQuietCutoff(world)), dueUntil(last.settings, firing)]];
  const exhausted = world.heard.filter(({ at }) => at > world.story.quietFrom).flatMap(toldExhausted);
  const open = minus(due, [...coveredSoon(world), ...exhausted, ...failedTooLate(world)]);
  const isBad = last.ending !== 'well' && !tellsOfBackfill(last) && !losesExhausted(world, last);
  return [
    ...(open.length > 0 ? [`not healed in the quiet end: ${told(open)}`] : []),
    ...(isBad
      ? [`the last process still ends badly: ${last.error?.message ?? JSON.stringify(last.reports)}`]
      : []),
  ];
}

// What Huawei took on in the quiet end and failed at may be too old by then to be ordered again, and is told as lost.
function failedTooLate(world: World): Stretch[] {
  const isQuiet = (at: number) => at > world.story.quietFrom;
  const lost = world.heard.filter(({ at }) => isQuiet(at)).flatMap(toldLost);
  const failed = exportsOf(world).filter(
    ({ task }) => isQuiet(task.createdAt) && ['FAIL', 'EXPIRED'].includes(task.status),
  );
  return minus(
    lost,
    minus(
      lost,
      failed.map(({ covers }) => covers),
    ),
  );
}

// What a person left of a backfill goes on to be lost, window by window, and each is told.
function tellsOfBackfill({ reports, status }: Heard): boolean {
  const isLossAlone = reports?.every(({ failed }) => failed.length === 0) ?? false;
  return isLossAlone && status !== undefined && status.openBackfills.length > 0;
}

// What was exhausted in bad times, and told, is a loss when its 30 days are over, be it in the quiet end.
function losesExhausted({ heard }: World, last: Heard): boolean {
  const lost = (last.reports ?? []).flatMap((report) =>
    report.lost.map(({ start, end }): Stretch => [Date.parse(start), Date.parse(end)]),
  );
  const hasNotFailed = last.reports?.every(({ failed }) => failed.length === 0) ?? false;
  return hasNotFailed && lost.length > 0 && minus(lost, heard.flatMap(toldExhausted)).length === 0;
}

// What the first quiet process could still order.
function firstQuietCutoff({ heard, story }: World): number {
  const first = heard.find(({ step }) => step.at > story.quietFrom);
  return (first?.at ?? story.quietFrom) - KEPT + MARGIN;
}

function lastRun({ heard, story }: World): number {
  return heard.findLast(({ step }) => step.do === 'run')?.began ?? story.start;
}

/** Nothing is exported that an export covered whose message was on the queue, and whose task had not failed. */
function needless(world: World): string[] {
  const exports = exportsOf(world);
  const confirmed = confirmedTasks(world);
  const isSound = ({ task }: Export) =>
    task.status === 'SUCCESS' || task.status === 'CREATING' || confirmed.has(task.id);
  return exports.flatMap((one) => {
    const before = exports.filter(
      (other) => other !== one && other.sent.at < one.task.createdAt && isSound(other),
    );
    const window = stretchOf(one);
    const isRepeated = before.some(({ task }) => task.id === one.task.id);
    const isNeedless =
      !isRepeated &&
      minus(
        [window],
        before.map(({ covers }) => covers),
      ).length === 0;
    return isNeedless ? [`exported again without need: ${told([window])}`] : [];
  });
}

function stretchOf({ sent }: Export): Stretch {
  const { start, end } = sent.message.data.window;
  return [Date.parse(start), Date.parse(end)];
}

/** A message says what was asked, and one id is one task. */
function mixedUp(world: World): string[] {
  const ids = new Map<string, string>();
  return exportsOf(world).flatMap(({ task, sent: { message } }) => {
    const { task_id: taskId, request, window } = message.data;
    const known = ids.get(message.id) ?? taskId;
    ids.set(message.id, taskId);
    const asked: Stretch = [Date.parse(window.start), Date.parse(window.end)];
    return [
      ...(known === taskId ? [] : [`message id ${message.id} is of two tasks`]),
      ...(minus([asked], [[task.query.start, task.query.end]]).length === 0
        ? []
        : [`task ${taskId} was not asked for all of ${told([asked])}`]),
      ...(request.login_start_time === task.query.body['login_start_time']
        ? []
        : ['a message claims another request']),
    ];
  });
}

/** No secret stands in what was told or sent. A token of the emulator is known by its form. */
function shown({ heard, home, secrets }: World): string[] {
  const errors = heard.flatMap(({ error, events }) => [
    error?.stack,
    ...events.map((event) => ('error' in event ? `${event.error.stack} ${event.error.cause}` : '')),
  ]);
  const all = JSON.stringify([home.sent(), errors, heard.map(({ events, reports }) => [events, reports])]);
  const isShown = secrets.ever().some((secret) => all.includes(secret)) || /MII[\w-]{20}/.test(all);
  return isShown ? ['a secret is shown'] : [];
}
