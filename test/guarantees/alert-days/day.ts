import { type Chance, chanceFrom } from '../simulation/story/chance.ts';
import { DAY, HOUR, MINUTE } from '../simulation/story/durations.ts';
import { alertsOfDay, type DayAlert } from './alerts.ts';

/** What fails on a day, or happens at the same time. */
export const MODES = ['calm', 'failing', 'killed', 'lost answers', 'interleaved', 'all at once'] as const;
export type Mode = (typeof MODES)[number];

/** One thing that happens on a day; `at` is in milliseconds since the epoch. */
export type DayStep = { at: number } & (
  | { do: 'arrival'; alerts: readonly DayAlert[] }
  /** A run for each arrival and two sweeps, all at the same time. */
  | { do: 'burst'; arrivals: readonly DayAlert[][] }
  | { do: 'sweep' }
  /** The run of the target's schedule. */
  | { do: 'night' }
  | { do: 'cap'; cap: number }
  /** An open row of a request or of an export becomes unreadable. */
  | { do: 'damage'; row: 'request' | 'export' }
);

export type Day = {
  seed: number;
  mode: Mode;
  start: number;
  cap: number;
  maxAttempts: number;
  steps: readonly DayStep[];
  /** No alert comes after this time. */
  end: number;
  /** How long after each quarter of an hour the sweep runs. */
  phase: number;
};

export const START = Date.parse('2026-11-22T00:00:00Z');
export const QUARTER = 15 * MINUTE;

/** How many arrivals are in one burst. */
const BURST = 24;

/** The day of a seed, with at most `mostAlerts` alerts. */
export function dayOf(mode: Mode, seed: number, mostAlerts = 80): Day {
  const chance = chanceFrom(seed);
  const alerts = alertsOfDay(chance, START, chance.between(1, mostAlerts));
  const phase = chance.below(15) * MINUTE;
  const steps = [
    ...(mode === 'interleaved' || mode === 'all at once' ? bursts(alerts) : alone(alerts)),
    ...again(alerts, chance),
    ...changes(chance),
    ...sweeps(phase),
    { at: START + 35 * MINUTE, do: 'night' } as const,
  ];
  return {
    ...{ seed, mode, start: START, phase },
    cap: chance.pick([1, 2, 3, 6, 12]),
    maxAttempts: chance.pick([2, 5]),
    steps: steps.toSorted((a, b) => a.at - b.at),
    end: START + DAY,
  };
}

function alone(alerts: readonly DayAlert[]): DayStep[] {
  return alerts.map((alert) => ({ at: alert.came, do: 'arrival', alerts: [alert] }));
}

/** The alerts of some hours come at the same time, each in a run of its own. */
function bursts(alerts: readonly DayAlert[]): DayStep[] {
  const groups = Array.from({ length: Math.ceil(alerts.length / BURST) }, (_, index) =>
    alerts.slice(index * BURST, (index + 1) * BURST),
  );
  return groups.map((group) => ({
    at: Math.max(...group.map(({ came }) => came)),
    do: 'burst',
    arrivals: group.map((alert) => [alert]),
  }));
}

/** One alert in five is delivered again; some of these come together in one delivery. */
function again(alerts: readonly DayAlert[], chance: Chance): DayStep[] {
  const twice = alerts.filter(() => chance.oneIn(5));
  return twice.map((alert, index) => ({
    at: Math.min(START + DAY, alert.came + chance.between(0, chance.oneIn(2) ? 10 : 600) * MINUTE),
    do: 'arrival',
    alerts: chance.oneIn(3)
      ? twice.slice(index, index + 3).filter(({ came }) => came <= alert.came)
      : [alert],
  }));
}

function changes(chance: Chance): DayStep[] {
  const at = () => START + chance.between(60, 23 * 60) * MINUTE;
  return [
    ...(chance.oneIn(2) ? [{ at: at(), do: 'cap', cap: chance.pick([1, 2, 4, 12]) } as const] : []),
    ...(chance.oneIn(2)
      ? (['request', 'export'] as const).map((row) => ({ at: at(), do: 'damage', row }) as const)
      : []),
  ];
}

function sweeps(phase: number): DayStep[] {
  return Array.from({ length: (24 * HOUR) / QUARTER }, (_, index) => ({
    at: START + phase + index * QUARTER,
    do: 'sweep',
  }));
}
