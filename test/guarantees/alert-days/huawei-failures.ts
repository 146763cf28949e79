import type { ScenarioInput } from '../../../lib/emulator/scenarios/scenario.ts';
import type { Chance } from '../simulation/story/chance.ts';
import type { Mode } from './day.ts';

type Step = NonNullable<ScenarioInput['steps']>[number];

/** The failures that Huawei has for one submission of an export; most submissions have none. */
export function exportFailures(mode: Mode, chance: Chance): Step[] {
  if (isFailing(mode) && chance.oneIn(7)) return chance.pick(FAILING);
  if (isFailing(mode) && chance.oneIn(7)) return chance.pick(FAILED_TASKS);
  if (isLosing(mode) && chance.oneIn(3)) return chance.pick(LOST);
  return [];
}

/** The failures that Huawei has for one call of the task list. */
export function listFailures(mode: Mode, chance: Chance): Step[] {
  return isFailing(mode) && chance.oneIn(7) ? chance.pick(UNLISTED) : [];
}

export function isFailing(mode: Mode): boolean {
  return mode === 'failing' || mode === 'all at once';
}

function isLosing(mode: Mode): boolean {
  return mode === 'lost answers' || mode === 'all at once';
}

const FAILING: readonly Step[][] = [
  always('export', { type: 'forbidden' }),
  always('export', { type: 'status', status: 503 }),
  always('export', { type: 'throttle' }),
  always('export', { type: 'cut', when: 'before' }),
  always('export', { type: 'error_code_in_200' }),
  always('export', { type: 'empty_task_id' }),
  always('token', { type: 'status', status: 503 }),
  [{ on: 'export', effect: { type: 'status', status: 503 } }],
];

const FAILED_TASKS: readonly Step[][] = [
  [{ on: 'export', effect: { type: 'fail_task', reason: 'the file system was full' } }],
  [{ on: 'export', effect: { type: 'fail_task', reason: 'out of order', after_seconds: 1_500 } }],
];

// Huawei creates the task, and the answer is lost. When the program submits again, Huawei has two tasks.
const LOST: readonly Step[][] = [
  always('export', { type: 'cut', when: 'after' }),
  [{ on: 'export', effect: { type: 'cut', when: 'after' } }],
  always('export', { type: 'wrong_json' }),
];

const UNLISTED: readonly Step[][] = [
  always('tasks', { type: 'status', status: 503 }),
  always('tasks', { type: 'forbidden' }),
  always('tasks', { type: 'cut', when: 'before' }),
];

function always(on: Step['on'], effect: Step['effect']): Step[] {
  return [{ on, times: 'always', effect }];
}
