import type { ScenarioInput } from '../../../../lib/emulator/scenarios/scenario.ts';

import type { Chance } from './chance.ts';
import { DAY, HOUR, MINUTE, SECOND } from './durations.ts';

export type InjectedStep = NonNullable<ScenarioInput['steps']>[number];

/** A time in which a part of Huawei fails. */
export type Outage = { from: number; to: number } & Condition;
type Condition = { about: string; steps?: readonly InjectedStep[]; rules?: Omit<ScenarioInput, 'steps'> };

/** The failures of one invocation. */
export type Failures = {
  steps: readonly InjectedStep[];
  /** How much true time each call to Huawei takes. */
  callMilliseconds: number;
  /** The process is killed before or after the call of a port with this number. */
  death?: { when: 'before' | 'after'; index: number };
  /** The time is over at this call of a port; Lambda kills the process when its reserve is over, too. */
  timeOverAt?: number;
  /** Our clock jumps at this call of a port. */
  jump?: { at: number; milliseconds: number };
  /** How many of a hundred calls to AWS fail; the seed decides which, and how. */
  aws: { failuresInHundred: number; seed: number };
};

export const NO_FAILURES: Failures = {
  steps: [],
  callMilliseconds: 300,
  aws: { failuresInHundred: 0, seed: 0 },
};

/** Times at which a part of Huawei is down, for hours or for days, in `[start, end)`. */
export function outagesOf(chance: Chance, start: number, end: number): Outage[] {
  return Array.from({ length: chance.between(0, 4) }, () => {
    const from = start + chance.below(Math.max(1, end - start));
    const length = chance.oneIn(3) ? chance.between(2, 25) * DAY : chance.between(1, 40) * HOUR;
    return { from, to: Math.min(end, from + length), ...conditionOf(chance) };
  });
}

function conditionOf(chance: Chance): Condition {
  const conditions: (() => Condition)[] = [
    () => down(chance, 'tasks'),
    () => down(chance, 'tasks'),
    () => down(chance, 'export'),
    () => down(chance, 'token'),
    () => down(chance, 'any'),
    () => ({ about: 'list forbidden', steps: [always('tasks', { type: 'forbidden' })] }),
    () => ({ about: 'export forbidden', steps: [always('export', { type: 'forbidden' })] }),
    () => ({ about: 'throttled', steps: [always('any', { type: 'throttle', retry_after: 60 })] }),
    () => ({ about: 'list malformed', steps: [always('tasks', { type: 'wrong_json' })] }),
    () => ({ about: 'a proxy in between', steps: [always('any', { type: 'page', status: 403 })] }),
    () => ({ about: 'replies encoded', steps: [always('any', { type: 'encoded', encoding: 'gzip' })] }),
    () => ({
      about: 'exports answered with 202',
      steps: [always('export', { type: 'export_reply', status: 202 })],
    }),
    () => oneAtATime(chance),
    () => oneAtATime(chance),
    () => ({ about: 'no Date at the export host', rules: { dates: { export: 'none' } } }),
    () => wrongDate(chance),
  ];
  return chance.pick(conditions)?.() ?? down(chance, 'any');
}

function down(chance: Chance, on: InjectedStep['on']): Condition {
  const effect: InjectedStep['effect'] = chance.oneIn(3)
    ? { type: 'cut', when: 'before' }
    : { type: 'status', status: chance.pick([500, 502, 503, 504]) };
  return { about: `${on} down`, steps: [always(on, effect)] };
}

function oneAtATime(chance: Chance): Condition {
  const status = chance.pick([409, 409, 408, 423, 425]);
  return { about: `one export at a time (${status})`, rules: { one_at_a_time: { status } } };
}

// One host has a wrong clock. The others are right.
function wrongDate(chance: Chance): Condition {
  const seconds = chance.pick([1_200, 7_200, 90_000, 40 * 86_400]) * (chance.oneIn(2) ? 1 : -1);
  return { about: `Date of the export host off by ${seconds} s`, rules: { dates: { export: seconds } } };
}

function always(on: InjectedStep['on'], effect: InjectedStep['effect']): InjectedStep {
  return { on, times: 'always', effect };
}

/** The failures of an invocation, besides the outages. */
export function failuresOf(chance: Chance): Failures {
  const isCalm = chance.oneIn(2);
  const death = chance.oneIn(5)
    ? { death: { when: chance.pick(['before', 'after']), index: chance.below(chance.pick([15, 45, 200])) } }
    : {};
  const jump = chance.oneIn(30)
    ? { jump: { at: chance.below(30), milliseconds: wrongClock(chance).offset } }
    : {};
  const timeOver = chance.oneIn(14) ? { timeOverAt: chance.below(60) } : {};
  return {
    steps: isCalm ? [] : Array.from({ length: chance.between(1, 5) }, () => injectedStep(chance)),
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

function injectedStep(chance: Chance): InjectedStep {
  const effects: (() => InjectedStep['effect'])[] = [
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

function taskEffect(chance: Chance): InjectedStep['effect'] {
  const effects: (() => InjectedStep['effect'])[] = [
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

/** The offset of our clock, in milliseconds, and its drift in milliseconds a day. */
export function wrongClock(chance: Chance): { offset: number; driftPerDay: number } {
  const size = chance.pick([2 * MINUTE, 20 * MINUTE, HOUR, 2 * HOUR, 26 * HOUR, 5 * DAY, 33 * DAY, 40 * DAY]);
  const offset = Math.floor((size * chance.between(30, 100)) / 100) * (chance.oneIn(2) ? 1 : -1);
  return { offset, driftPerDay: chance.oneIn(3) ? chance.between(-20, 20) * MINUTE : 0 };
}
