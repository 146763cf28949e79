import { minus, type Stretch, told } from '../../simulation/judge/intervals.ts';
import { HOUR, MINUTE, SECOND } from '../../simulation/story/durations.ts';
import type { World } from '../world.ts';
import { DELAY, has } from './exports.ts';
import type { Order } from './submissions.ts';

/** In no 60 minutes are there more orders that made a task than the cap allowed when the last of them was made. */
export function capExceeded({ orders, caps }: World): string[] {
  const made = ofAlerts(orders).filter(({ taskIds }) => taskIds.length > 0);
  return made.flatMap(({ at }) => {
    const count = made.filter((other) => other.at > at - HOUR && other.at <= at).length;
    const cap = caps.findLast((one) => one.at <= at)?.cap ?? 0;
    return count > cap ? [`${count} exports in the hour before ${short(at)}, and the cap is ${cap}`] : [];
  });
}

/** How long the same is not exported again, as a sweep has it, and after a call that failed. */
const INTERVAL = 450 * SECOND;
const AFTER_FAILURE = MINUTE;

/** The same is not ordered again until some minutes have passed, so that alerts that repeat are gathered. */
export function exportedAgain({ orders }: World): string[] {
  const all = ofAlerts(orders);
  return all.flatMap((one, index) => {
    const before = all
      .slice(0, index)
      .find((other) => isSame(other, one) && one.at < other.at + pauseAfter(other));
    return before ? [`ordered at ${short(before.at)} and again at ${short(one.at)}: ${toldOrder(one)}`] : [];
  });
}

/** Where nothing goes wrong, nothing is ordered that is wholly in what was ordered before. */
export function needless({ day, orders, damaged }: World): string[] {
  if (!['calm', 'interleaved'].includes(day.mode) || damaged.length > 0) return [];
  return ofAlerts(orders).flatMap((one) => {
    const before = orders.filter(
      (other) => other.at <= one.at && other.number < one.number && has(other, one.address),
    );
    const covered = before.map((other) => coveredBy(other, one.at));
    return minus([one.window], covered).length === 0
      ? [`ordered at ${short(one.at)} without need: ${toldOrder(one)}`]
      : [];
  });
}

// What was ordered in the same moment has all that there is at that moment.
function coveredBy({ at, window: [start, end] }: Order, now: number): Stretch {
  return [start, at === now ? end : Math.min(end, at - DELAY)];
}

function ofAlerts(orders: readonly Order[]): Order[] {
  return orders.filter(({ isOfAlerts }) => isOfAlerts);
}

function isSame(one: Order, other: Order): boolean {
  if (one.address !== other.address || isNextPiece(one, other)) return false;
  const quarter = 15 * MINUTE;
  return one.window[0] <= other.window[1] + quarter && other.window[0] <= one.window[1] + quarter;
}

// A long window is cut, and its pieces are ordered one after the other.
function isNextPiece(one: Order, other: Order): boolean {
  return one.at === other.at && one.window[1] === other.window[0];
}

// The call failed, and Huawei has nothing of it.
function pauseAfter({ failure }: Order): number {
  const isSureToHaveNone = failure !== undefined && !['malformed_reply', 'interrupted'].includes(failure);
  return isSureToHaveNone ? AFTER_FAILURE : INTERVAL;
}

function toldOrder({ window, address = 'all' }: Order): string {
  return `${told([window])} ${address}`;
}

function short(at: number): string {
  return new Date(at).toISOString().slice(5, 19);
}
