import { Temporal } from 'temporal-polyfill';
import type { Instant } from '../../../../lib/domain/time/instant.ts';
import { DAY } from '../story/durations.ts';

/** True time, which is Huawei's, and our clock, which may show another. */
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
    /** Never back: what was started may have taken longer than until then. */
    moveTo: (at: number): void => {
      now = Math.max(now, at);
    },
    /** What our clock shows. */
    ours: (): Instant => instant(now + offset()),
    /** How far ours is ahead of the truth now, in milliseconds. */
    offset,
    /** A clock that no step touches. */
    monotonic: () => now - start,
    /** Sets our clock wrong, or right again. */
    turn: (milliseconds: number, driftPerDay = 0): void => {
      wrong = { offset: milliseconds, driftPerDay, since: now };
    },
    /** Moves our clock, whatever it shows. */
    jump: (milliseconds: number): void => {
      wrong = { ...wrong, offset: wrong.offset + milliseconds };
    },
  };
}
