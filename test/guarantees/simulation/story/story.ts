import { chanceFrom } from './chance.ts';
import { DAY, HOUR } from './durations.ts';
import { type Failures, type Outage, outagesOf } from './failures.ts';
import { incidentsOf, lastIncidents } from './incidents.ts';
import { firingsOf, invocationsOf, quietEnd } from './invocations.ts';
import { type Change, firstSettings, type Settings } from './settings.ts';

export type Invocation = { at: number; failures: Failures } & (
  | { do: 'run' | 'sweep'; scheduled: number; times: number }
  | { do: 'backfill'; from: number; to: number }
  | { do: 'alert'; alerts: number }
);

/** A change from outside the program: by users, by Huawei or of a clock. */
export type Incident = { at: number } & (
  | { do: 'settings'; change: Change }
  | { do: 'clock'; offset: number; driftPerDay: number }
  | { do: 'secret'; state: 'right' | 'missing' | 'malformed' | 'rotated' }
  | { do: 'tasks'; end: 'fail' | 'expire' | 'download'; oneIn: number; seed: number }
);

export type Step = Invocation | Incident;

export type Story = {
  seed: number;
  deployment: 'machine' | 'aws';
  credential: 'password' | 'access_key';
  start: number;
  settings: Settings;
  /** How long a task is CREATING. */
  creatingSeconds: number;
  outages: readonly Outage[];
  /** In the order of their times. */
  steps: readonly Step[];
  /** No failures from this time on. */
  quietFrom: number;
};

// AWS is rarer, because each of its calls costs some milliseconds of real time.
const DEPLOYMENTS = ['machine', 'machine', 'machine', 'machine', 'aws'] as const;

/** The story of a seed. Everything is decided before the first step. */
export function storyOf(seed: number): Story {
  const chance = chanceFrom(seed);
  const deployment = DEPLOYMENTS[seed % DEPLOYMENTS.length] ?? 'machine';
  const credential = chance.pick(['password', 'password', 'access_key'] as const);
  const start = Date.UTC(2026, 1, 1) + chance.below(240) * DAY + chance.below(24) * HOUR;
  const settings = firstSettings(chance, start, credential === 'access_key');
  const quietFrom = start + chance.pick([12, 20, 35, 50, 70]) * DAY;
  const incidents = incidentsOf(chance, { start, quietFrom });
  const firings = firingsOf({ settings, incidents, start });
  const failing = invocationsOf(chance, firings(quietFrom), { start, quietFrom });
  const last = lastIncidents(quietFrom);
  const quiet = quietEnd(firings, { quietFrom, bySweeps: chance.oneIn(2) && isCron(settings, incidents) });
  return {
    ...{ seed, deployment, credential, start, settings, quietFrom },
    creatingSeconds: chance.pick([5, 5, 5, 20 * 60, 6 * 3_600]),
    outages: outagesOf(chance, start, quietFrom),
    steps: [...incidents, ...failing, ...last, ...quiet].sort((a, b) => a.at - b.at),
  };
}

/** The start of a story, and the start of its quiet end. */
export type Frame = { start: number; quietFrom: number };

// Only a run knows the firings of a rate.
function isCron(settings: Settings, incidents: readonly Incident[]): boolean {
  const changes = incidents.flatMap((one) => (one.do === 'settings' ? [one.change] : []));
  const all = [settings, ...changes.map(({ to }) => to(settings))];
  return all.every(({ schedule }) => schedule.startsWith('cron'));
}
