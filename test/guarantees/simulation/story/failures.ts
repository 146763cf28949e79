import type { ScenarioInput } from '../../../../lib/emulator/scenarios/scenario.ts';

import type { Chance } from './chance.ts';
import { DAY, HOUR, MINUTE, SECOND } from './durations.ts';

export type Weather = NonNullable<ScenarioInput['steps']>[number];

/** What goes wrong at Huawei for a while. */
export type Spell = { from: number; to: number } & Plight;
type Plight = { said: string; weather?: readonly Weather[]; rules?: Omit<ScenarioInput, 'steps'> };

/** What goes wrong in one invocation. */
export type Trouble = {
  weather: readonly Weather[];
  /** How much true time each call to Huawei takes. */
  callMilliseconds: number;
  /** The process is killed there. */
  death?: { when: 'before' | 'after'; index: number };
  /** The time is over at this call of a port; a few calls later Lambda ends it, whatever it does. */
  timeOverAt?: number;
  /** Our clock jumps at this call of a port. */
  jump?: { at: number; milliseconds: number };
  /** How often AWS fails, of a hundred calls; how it fails, a seed of its own decides. */
  aws: { failuresInHundred: number; seed: number };
};

export const NO_TROUBLE: Trouble = {
  weather: [],
  callMilliseconds: 300,
  aws: { failuresInHundred: 0, seed: 0 },
};

/** Times at which a part of Huawei is down, for hours or for days, in `[start, end)`. */
export function spellsOf(chance: Chance, start: number, end: number): Spell[] {
  return Array.from({ length: chance.between(0, 4) }, () => {
    const from = start + chance.below(Math.max(1, end - start));
    const length = chance.oneIn(3) ? chance.between(2, 25) * DAY : chance.between(1, 40) * HOUR;
    return { from, to: Math.min(end, from + length), ...plight(chance) };
  });
}

function plight(chance: Chance): Plight {
  const plights: (() => Plight)[] = [
    () => down(chance, 'tasks'),
    () => down(chance, 'tasks'),
    () => down(chance, 'export'),
    () => down(chance, 'token'),
    () => down(chance, 'any'),
    () => ({ said: 'list forbidden', weather: [always('tasks', { type: 'forbidden' })] }),
    () => ({ said: 'export forbidden', weather: [always('export', { type: 'forbidden' })] }),
    () => ({ said: 'throttled', weather: [always('any', { type: 'throttle', retry_after: 60 })] }),
    () => ({ said: 'list malformed', weather: [always('tasks', { type: 'wrong_json' })] }),
    () => ({ said: 'a proxy in between', weather: [always('any', { type: 'page', status: 403 })] }),
    () => ({ said: 'replies encoded', weather: [always('any', { type: 'encoded', encoding: 'gzip' })] }),
    () => ({
      said: 'exports answered with 202',
      weather: [always('export', { type: 'export_reply', status: 202 })],
    }),
    () => oneAtATime(chance),
    () => oneAtATime(chance),
    () => ({ said: 'no Date at the export host', rules: { dates: { export: 'none' } } }),
    () => wrongDate(chance),
  ];
  return chance.pick(plights)?.() ?? down(chance, 'any');
}

function down(chance: Chance, on: Weather['on']): Plight {
  const effect: Weather['effect'] = chance.oneIn(3)
    ? { type: 'cut', when: 'before' }
    : { type: 'status', status: chance.pick([500, 502, 503, 504]) };
  return { said: `${on} down`, weather: [always(on, effect)] };
}

function oneAtATime(chance: Chance): Plight {
  const status = chance.pick([409, 409, 408, 423, 425]);
  return { said: `one export at a time (${status})`, rules: { one_at_a_time: { status } } };
}

// One host is wrong, and another knows better.
function wrongDate(chance: Chance): Plight {
  const seconds = chance.pick([1_200, 7_200, 90_000, 40 * 86_400]) * (chance.oneIn(2) ? 1 : -1);
  return { said: `Date of the export host off by ${seconds} s`, rules: { dates: { export: seconds } } };
}

function always(on: Weather['on'], effect: Weather['effect']): Weather {
  return { on, times: 'always', effect };
}

/** What an invocation meets besides the spells. */
export function troubleOf(chance: Chance): Trouble {
  const isCalm = chance.oneIn(2);
  const death = chance.oneIn(5)
    ? { death: { when: chance.pick(['before', 'after']), index: chance.below(chance.pick([15, 45, 200])) } }
    : {};
  const jump = chance.oneIn(30)
    ? { jump: { at: chance.below(30), milliseconds: wrongClock(chance).offset } }
    : {};
  const timeOver = chance.oneIn(14) ? { timeOverAt: chance.below(60) } : {};
  return {
    weather: isCalm ? [] : Array.from({ length: chance.between(1, 5) }, () => showers(chance)),
    callMilliseconds: chance.oneIn(8) ? chance.between(5, 90) * SECOND : 300,
    ...death,
    ...jump,
    ...timeOver,
    aws: {
      failuresInHundred: chance.oneIn(3) ? chance.pick([2, 5, 20, 60, 100]) : 0,
      seed: chance.below(2 ** 30),
    },
  };
}

function showers(chance: Chance): Weather {
  const effects: (() => Weather['effect'])[] = [
    () => ({ type: 'throttle' }),
    () => ({ type: 'throttle', retry_after: 0 }),
    () => ({ type: 'throttle', retry_after: 30, retry_after_form: 'http_date' }),
    () => ({ type: 'status', status: chance.pick([500, 502, 503, 504]) }),
    () => ({ type: 'status', status: 503 }),
    () => ({ type: 'cut', when: 'before' }),
    () => ({ type: 'cut', when: 'after' }),
    () => ({ type: 'cut', when: 'after' }),
    () => ({ type: 'wrong_json' }),
    () => ({ type: 'error_code_in_200' }),
    () => ({ type: 'revoke_tokens' }),
    () => ({ type: 'forbidden' }),
    () => ({ type: 'pass' }),
    () => ({ type: 'status', status: chance.pick([400, 408, 409, 423, 425]) }),
    () => ({ type: 'encoded', encoding: chance.pick(['gzip', 'br']), damaged: chance.oneIn(3) }),
    () => ({ type: 'page', status: chance.pick([200, 401, 403, 407, 502]) }),
  ];
  const on = chance.pick(['export', 'export', 'tasks', 'token', 'any'] as const);
  if (chance.oneIn(5)) return { on: 'export', times: chance.between(1, 3), effect: taskEffect(chance) };
  return { on, times: chance.between(1, 6), effect: chance.pick(effects)?.() ?? { type: 'pass' } };
}

function taskEffect(chance: Chance): Weather['effect'] {
  const effects: (() => Weather['effect'])[] = [
    () => ({ type: 'fail_task', reason: 'no space left' }),
    () => ({ type: 'fail_task', reason: 'no space left', after_seconds: chance.between(1, 40) * 3_600 }),
    () => ({ type: 'expire_task', after_seconds: chance.between(0, 60) * 3_600 }),
    () => ({ type: 'slow_task', seconds: chance.between(1, 60) * 3_600 }),
    () => ({ type: 'export_reply', status: chance.pick([201, 202, 203]) }),
    () => ({ type: 'export_reply', task_id: chance.pick(['', '   ']) }),
    () => ({ type: 'export_reply', task_id_length: 300 }),
    () => ({ type: 'empty_task_id' }),
  ];
  return chance.pick(effects)?.() ?? { type: 'pass' };
}

/** How wrong our clock may be, in milliseconds, and by how much it goes on from there in a day. */
export function wrongClock(chance: Chance): { offset: number; driftPerDay: number } {
  const size = chance.pick([2 * MINUTE, 20 * MINUTE, HOUR, 2 * HOUR, 26 * HOUR, 5 * DAY, 33 * DAY, 40 * DAY]);
  const offset = Math.floor((size * chance.between(30, 100)) / 100) * (chance.oneIn(2) ? 1 : -1);
  return { offset, driftPerDay: chance.oneIn(3) ? chance.between(-20, 20) * MINUTE : 0 };
}
