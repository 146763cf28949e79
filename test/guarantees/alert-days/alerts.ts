import type { Chance } from '../simulation/story/chance.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../simulation/story/durations.ts';

/** An alert: when it came, when the finding was last seen, and the window to export. Times are in milliseconds since the epoch. */
export type DayAlert = {
  id: string;
  came: number;
  lastSeen: number;
  start: number;
  end: number;
  /** Undefined: all records. */
  address: string | undefined;
};

/** The alerts of a day, in the order in which they come: single ones and bursts. Some are updates of earlier ones. */
export function alertsOfDay(chance: Chance, from: number, count: number): DayAlert[] {
  const addresses = chance.pick([3, 12, 60]);
  const times = arrivals(chance, from, count).sort((a, b) => a - b);
  const seen: DayAlert[] = [];
  for (const [index, came] of times.entries()) {
    const earlier = chance.oneIn(4) && seen.length > 0 ? seen[chance.below(seen.length)] : undefined;
    seen.push(
      earlier ? repeated(earlier, came, chance) : first(`finding-${index}`, { came, addresses }, chance),
    );
  }
  return seen;
}

function arrivals(chance: Chance, from: number, count: number): number[] {
  const times: number[] = [];
  while (times.length < count) {
    const at = from + chance.below(DAY - 20 * MINUTE);
    const size = Math.min(count - times.length, chance.oneIn(2) ? 1 : chance.between(2, 25));
    for (let index = 0; index < size; index += 1) times.push(wholeSecond(at + chance.below(15 * MINUTE)));
  }
  return times;
}

function first(
  id: string,
  { came, addresses }: { came: number; addresses: number },
  chance: Chance,
): DayAlert {
  const number = chance.below(addresses + 1);
  const address = number === 0 ? undefined : `203.0.113.${number}`;
  return { id, came, address, ...(chance.oneIn(8) ? longAgo(came, chance) : lately(came, chance)) };
}

type Sight = Pick<DayAlert, 'lastSeen' | 'start' | 'end'>;

/** A window that is past the cutoff, in part or as a whole. */
function longAgo(came: number, chance: Chance): Sight {
  const start = wholeSecond(came - chance.between(25 * 24, 32 * 24) * HOUR - chance.below(HOUR));
  const end = wholeSecond(chance.oneIn(4) ? came : start + chance.between(1, 72) * HOUR);
  return { start, end, lastSeen: Math.min(end, came) };
}

function lately(came: number, chance: Chance): Sight {
  const lastSeen = wholeSecond(came - (chance.oneIn(3) ? chance.below(3 * DAY) : chance.below(10 * MINUTE)));
  const firstSeen = lastSeen - (chance.oneIn(2) ? 0 : chance.below(4 * HOUR));
  const start = wholeSecond(firstSeen - chance.between(1, 150) * MINUTE);
  const end = chance.oneIn(6)
    ? came + chance.between(1, 600) * MINUTE
    : lastSeen + chance.between(1, 150) * MINUTE;
  return { start, end: wholeSecond(end), lastSeen };
}

/** An update of an earlier alert: the finding was seen again. */
function repeated(earlier: DayAlert, came: number, chance: Chance): DayAlert {
  const lastSeen = Math.max(earlier.lastSeen, wholeSecond(came - chance.below(10 * MINUTE)));
  return { ...earlier, came, lastSeen, end: earlier.end + (lastSeen - earlier.lastSeen) };
}

function wholeSecond(at: number): number {
  return Math.floor(at / SECOND) * SECOND;
}
