import { chanceFrom } from './chance.ts';
import { DAY, HOUR } from './durations.ts';
import { type Spell, spellsOf, type Trouble } from './failures.ts';
import { happeningsOf, lastHappenings } from './incidents.ts';
import { firingsOf, invocationsOf, quietEnd } from './invocations.ts';
import { type Change, firstSettings, type Settings } from './settings.ts';

export type Invocation = { at: number; trouble: Trouble } & (
  | { do: 'run' | 'sweep'; scheduled: number; times: number }
  | { do: 'backfill'; from: number; to: number }
  | { do: 'alert'; alerts: number }
);

/** What happens to a world from outside. */
export type Happening = { at: number } & (
  | { do: 'settings'; change: Change }
  | { do: 'clock'; offset: number; driftPerDay: number }
  | { do: 'secret'; state: 'right' | 'missing' | 'malformed' | 'rotated' }
  | { do: 'tasks'; fate: 'fail' | 'expire' | 'download'; oneIn: number; seed: number }
);

export type Step = Invocation | Happening;

export type Story = {
  seed: number;
  home: 'machine' | 'aws';
  credential: 'password' | 'access_key';
  start: number;
  settings: Settings;
  /** How long Huawei works on a task. */
  creatingSeconds: number;
  spells: readonly Spell[];
  /** In the order of their times. */
  steps: readonly Step[];
  /** From then on nothing goes wrong any more. */
  quietFrom: number;
};

// Every call to AWS costs some milliseconds.
const HOMES = ['machine', 'machine', 'machine', 'machine', 'aws'] as const;

/** The whole story of a seed, fixed before anything of it happens. */
export function storyOf(seed: number): Story {
  const chance = chanceFrom(seed);
  const home = HOMES[seed % HOMES.length] ?? 'machine';
  const credential = chance.pick(['password', 'password', 'access_key'] as const);
  const start = Date.UTC(2026, 1, 1) + chance.below(240) * DAY + chance.below(24) * HOUR;
  const settings = firstSettings(chance, start, credential === 'access_key');
  const quietFrom = start + chance.pick([12, 20, 35, 50, 70]) * DAY;
  const happenings = happeningsOf(chance, { start, quietFrom });
  const firings = firingsOf({ settings, happenings, start });
  const troubled = invocationsOf(chance, firings(quietFrom), { start, quietFrom });
  const last = lastHappenings(quietFrom);
  const quiet = quietEnd(firings, { quietFrom, bySweeps: chance.oneIn(2) && isCron(settings, happenings) });
  return {
    ...{ seed, home, credential, start, settings, quietFrom },
    creatingSeconds: chance.pick([5, 5, 5, 20 * 60, 6 * 3_600]),
    spells: spellsOf(chance, start, quietFrom),
    steps: [...happenings, ...troubled, ...last, ...quiet].sort((a, b) => a.at - b.at),
  };
}

/** What a part of a story needs to know of the whole. */
export type Frame = { start: number; quietFrom: number };

// The firings of a rate are known from runs alone.
function isCron(settings: Settings, happenings: readonly Happening[]): boolean {
  const changes = happenings.flatMap((one) => (one.do === 'settings' ? [one.change] : []));
  const all = [settings, ...changes.map(({ to }) => to(settings))];
  return all.every(({ schedule }) => schedule.startsWith('cron'));
}
