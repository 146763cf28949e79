import { DEMO_ACCOUNT } from '../../../../lib/emulator/iam/accounts.ts';
import type { Chance } from './chance.ts';
import { DAY } from './durations.ts';

/** The settings of the target, as in YAML, without the endpoints, which are the emulator's. */
export type Settings = {
  region: string;
  project_id?: string | undefined;
  schedule: string;
  start_at: string | null;
  window: { every: string; time_zone: string; delay: string; overlap: string };
  max_attempts: number;
  filters: Record<string, string>;
  enabled: boolean;
};

/** A change of the settings, with a short text about it. */
export type Change = { about: string; to: (settings: Settings) => Settings };

/** The project of the target, and another project that can replace it in the settings. */
export const PROJECT = DEMO_ACCOUNT.project;
export const OTHER_PROJECT = { id: '9c40aa31f00fd2bc2f54c01e80930001', name: 'ap-southeast-2' };

export const EVERY = ['P1D', 'P1D', 'PT12H', 'PT8H', 'PT6H'] as const;
const ZONES = [
  'UTC',
  'UTC',
  'Europe/Berlin',
  'America/Santiago',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
] as const;
const DELAYS = ['PT30M', 'PT30M', 'PT5M', 'PT2H', 'PT26H'] as const;
const OVERLAP = ['PT0S', 'PT0S', 'PT1H', 'PT24H'] as const;
const FILTERS = [{}, {}, { user_name: 'user-7' }, { machine_name: 'server-3', connect_type: 'rdp' }] as const;

export function firstSettings(chance: Chance, start: number, needsProject: boolean): Settings {
  const startAt = chance.oneIn(3) ? daysBefore(start, chance.between(0, 40)) : null;
  return {
    region: PROJECT.name,
    ...(needsProject || chance.oneIn(2) ? { project_id: PROJECT.id } : {}),
    schedule: chance.pick(SCHEDULES),
    start_at: startAt,
    window: {
      every: chance.pick(EVERY),
      time_zone: chance.pick(ZONES),
      delay: chance.pick(DELAYS),
      overlap: chance.pick(OVERLAP),
    },
    max_attempts: chance.pick([20, 20, 5, 2]),
    filters: chance.pick(FILTERS),
    enabled: true,
  };
}

const SCHEDULES = [
  'cron(35 0 * * ? *)',
  'cron(35 0 * * ? *)',
  'cron(10 0/12 * * ? *)',
  'cron(35 1 ? * MON-FRI *)',
  'cron(5 3 ? * SUN *)',
  'rate(8 hours)',
  'rate(1 day)',
] as const;

/** A change that is allowed at any time and loses no records. */
export function harmlessChange(chance: Chance, start: number): Change {
  const window = (part: Partial<Settings['window']>): Change => ({
    about: JSON.stringify(part),
    to: (settings) => ({ ...settings, window: { ...settings.window, ...part } }),
  });
  const changes: (() => Change)[] = [
    () => window({ every: chance.pick(EVERY) }),
    () => window({ time_zone: chance.pick(ZONES) }),
    () => window({ delay: chance.pick(DELAYS) }),
    () => window({ overlap: chance.pick(OVERLAP) }),
    () => changed({ filters: chance.pick(FILTERS) }),
    () => changed({ max_attempts: chance.pick([20, 5, 2]) }),
    () => changed({ schedule: chance.pick(SCHEDULES) }),
    () => changed({ start_at: daysBefore(start, chance.between(1, 35)) }),
  ];
  return chance.pick(changes)?.() ?? changed({});
}

/** Another project or region under the same id. The program may export nothing for these. */
export function otherProject(chance: Chance): Change {
  return chance.oneIn(2)
    ? changed({ region: OTHER_PROJECT.name, project_id: OTHER_PROJECT.id })
    : changed({ project_id: OTHER_PROJECT.id });
}

export function changed(part: Partial<Settings>): Change {
  return { about: JSON.stringify(part), to: (settings) => ({ ...settings, ...part }) };
}

function daysBefore(at: number, days: number): string {
  return new Date(Math.floor((at - days * DAY) / DAY) * DAY).toISOString().replace('.000', '');
}
