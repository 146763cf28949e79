import { Temporal } from 'temporal-polyfill';
import type { Instant } from '../../../../lib/domain/time/instant.ts';
import { DAY } from '../story/durations.ts';

/** True time, which Huawei has, and our clock, which can be wrong. */
export type VirtualTime = ReturnType<typeof createVirtualTime>;

export function createVirtualTime(start: number) {
  let now = start;
  let wrong = { offset: 0, driftPerDay: 0, since: start };
  const offset = () => Math.round(wrong.offset + (wrong.driftPerDay * (now - wrong.since)) / DAY);
  const instant = (at: number): Instant => Temporal.Instant.fromEpochMilliseconds(at);

  return {
    now: () => now,
    pass: (milliseconds: number): void => {
      now += milliseconds;
    },
    /** Never moves back: a step may have lasted until after the time of the next one. */
    moveTo: (at: number): void => {
      now = Math.max(now, at);
    },
    /** The time of our clock. */
    ours: (): Instant => instant(now + offset()),
    /** How far our clock is ahead of true time now, in milliseconds. */
    offset,
    /** A clock that never jumps. */
    monotonic: () => now - start,
    /** Sets our clock wrong, or right again. */
    turn: (milliseconds: number, driftPerDay = 0): void => {
      wrong = { offset: milliseconds, driftPerDay, since: now };
    },
    /** Moves our clock from its present time. */
    jump: (milliseconds: number): void => {
      wrong = { ...wrong, offset: wrong.offset + milliseconds };
    },
  };
}
