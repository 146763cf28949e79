import { type Chance, chanceFrom } from '../simulation/story/chance.ts';
import { DAY, HOUR, MINUTE } from '../simulation/story/durations.ts';
import { type Seen, sightings } from './alerts.ts';

/** What goes wrong on a day, or goes on at the same time. */
export const MODES = ['calm', 'failing', 'killed', 'lost answers', 'interleaved', 'all at once'] as const;
export type Mode = (typeof MODES)[number];

/** What happens, and when, in milliseconds since the epoch. */
export type Happening = { at: number } & (
  | { do: 'arrival'; alerts: readonly Seen[] }
  /** As many runs at once as there are arrivals, and two sweeps among them. */
  | { do: 'rush'; arrivals: readonly Seen[][] }
  | { do: 'sweep' }
  /** The run of the target's own schedule. */
  | { do: 'night' }
  | { do: 'cap'; cap: number }
  /** A row of the ledger that alerts have left open becomes one that nobody can read. */
  | { do: 'damage'; row: 'request' | 'export' }
);

export type Day = {
  seed: number;
  mode: Mode;
  start: number;
  cap: number;
  maxAttempts: number;
  happenings: readonly Happening[];
  /** When the last alert has come. */
  end: number;
  /** How long after each quarter of an hour the sweep comes. */
  phase: number;
};

export const START = Date.parse('2026-11-22T00:00:00Z');
export const QUARTER = 15 * MINUTE;

/** How many runs come at once in a rush. */
const RUSH = 24;

/** A day of at most so many alerts, as a seed decides it. */
export function dayOf(mode: Mode, seed: number, mostAlerts = 80): Day {
  const chance = chanceFrom(seed);
  const alerts = sightings(chance, START, chance.between(1, mostAlerts));
  const phase = chance.below(15) * MINUTE;
  const happenings = [
    ...(mode === 'interleaved' || mode === 'all at once' ? rushes(alerts) : alone(alerts)),
    ...again(alerts, chance),
    ...changes(chance),
    ...sweeps(phase),
    { at: START + 35 * MINUTE, do: 'night' } as const,
  ];
  return {
    ...{ seed, mode, start: START, phase },
    cap: chance.pick([1, 2, 3, 6, 12]),
    maxAttempts: chance.pick([2, 5]),
    happenings: happenings.toSorted((a, b) => a.at - b.at),
    end: START + DAY,
  };
}

function alone(alerts: readonly Seen[]): Happening[] {
  return alerts.map((alert) => ({ at: alert.came, do: 'arrival', alerts: [alert] }));
}

/** Alerts that came within some hours come in the same moment, each in a run of its own. */
function rushes(alerts: readonly Seen[]): Happening[] {
  const groups = Array.from({ length: Math.ceil(alerts.length / RUSH) }, (_, index) =>
    alerts.slice(index * RUSH, (index + 1) * RUSH),
  );
  return groups.map((group) => ({
    at: Math.max(...group.map(({ came }) => came)),
    do: 'rush',
    arrivals: group.map((alert) => [alert]),
  }));
}

/** One in five is delivered again, some with others in one delivery. */
function again(alerts: readonly Seen[], chance: Chance): Happening[] {
  const twice = alerts.filter(() => chance.oneIn(5));
  return twice.map((alert, index) => ({
    at: Math.min(START + DAY, alert.came + chance.between(0, chance.oneIn(2) ? 10 : 600) * MINUTE),
    do: 'arrival',
    alerts: chance.oneIn(3)
      ? twice.slice(index, index + 3).filter(({ came }) => came <= alert.came)
      : [alert],
  }));
}

function changes(chance: Chance): Happening[] {
  const at = () => START + chance.between(60, 23 * 60) * MINUTE;
  return [
    ...(chance.oneIn(2) ? [{ at: at(), do: 'cap', cap: chance.pick([1, 2, 4, 12]) } as const] : []),
    ...(chance.oneIn(2)
      ? (['request', 'export'] as const).map((row) => ({ at: at(), do: 'damage', row }) as const)
      : []),
  ];
}

function sweeps(phase: number): Happening[] {
  return Array.from({ length: (24 * HOUR) / QUARTER }, (_, index) => ({
    at: START + phase + index * QUARTER,
    do: 'sweep',
  }));
}
