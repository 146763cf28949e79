import { expect, test } from 'vitest';
import { parseScenario, ScenarioError } from '../../../lib/emulator/scenarios/scenario.ts';

const step = (effect: object, on = 'export') => ({ steps: [{ on, effect }] });

function issuesOf(value: unknown) {
  try {
    parseScenario(value);
  } catch (error) {
    if (error instanceof ScenarioError) return error.issues.map(({ path, message }) => `${path}: ${message}`);
    throw error;
  }
  return [];
}

test('keys with a default may be absent', () => {
  expect(parseScenario(step({ type: 'throttle' }))).toEqual({
    steps: [{ on: 'export', times: 1, effect: { type: 'throttle', retry_after_form: 'seconds' } }],
    attacks: [],
  });
  expect(parseScenario({})).toEqual({ steps: [], attacks: [] });
});

test.each([
  { type: 'pass' },
  { type: 'throttle', retry_after: 3, retry_after_form: 'http_date' },
  { type: 'status', status: 409, retry_after: -60, retry_after_form: 'http_date' },
  { type: 'slow', milliseconds: 5 },
  { type: 'cut', when: 'after' },
  { type: 'wrong_json' },
  { type: 'error_code_in_200' },
  { type: 'empty_task_id' },
  { type: 'revoke_tokens' },
  { type: 'clock_skew', seconds: -900 },
  { type: 'wrong_host' },
  { type: 'forbidden' },
  { type: 'encoded', encoding: 'br', damaged: true },
  { type: 'page', status: 407, by: 'Example Gateway', content_type: 'text/plain', text: '' },
  { type: 'export_reply', status: 202, task_id: ' ', task_id_length: 300, error_code: 'WKS.1' },
  { type: 'fail_task', reason: 'no', error_code: 'WKS.1', after_seconds: 86_400 },
  { type: 'expire_task', after_seconds: 3600 },
  { type: 'slow_task', seconds: 86_400 },
])('$type is an effect', (effect) => {
  expect(parseScenario(step(effect)).steps[0]?.effect).toEqual(effect);
});

test('every issue is listed, each with its path', () => {
  const issues = issuesOf({
    steps: [
      { on: 'exports', times: 0, effect: { type: 'status', status: 404 } },
      { on: 'export', effect: { type: 'explode' } },
      { on: 'tasks', effect: { type: 'fail_task', reason: 'x' } },
      { on: 'any', effect: { type: 'slow' }, note: 'x', extra: 'y' },
    ],
    version: 1,
  });
  expect(issues).toEqual([
    'steps[0].on: must be one of "token", "projects", "export", "records", "tasks", "download", "any"',
    'steps[0].times: must be at least 1',
    'steps[0].effect.status: must be one of 400, 408, 409, 423, 425, 500, 502, 503, 504',
    expect.stringMatching(
      /^steps\[1\]\.effect\.type: is not known; there are "pass", "throttle", .*"slow_task"$/,
    ),
    'steps[2].on: must be "export": only that call has this effect',
    'steps[3].effect.milliseconds: is missing; it must be a whole number',
    'steps[3].note: is not known here',
    'steps[3].extra: is not known here',
    'version: is not known here',
  ]);
});

test.each([
  ['steps', { steps: {} }, 'must be a list'],
  ['steps[0]', { steps: ['x'] }, 'must be an object (a mapping)'],
  [
    'steps[0].times',
    { steps: [{ on: 'any', times: 'often', effect: { type: 'pass' } }] },
    'must be a whole number from 1, or "always"',
  ],
  ['steps[0].effect.milliseconds', step({ type: 'slow', milliseconds: 1.5 }), 'must be a whole number'],
  ['steps[0].effect.milliseconds', step({ type: 'slow', milliseconds: 1e9 }), 'must be at most 600000'],
  ['steps[0].effect.reason', step({ type: 'fail_task', reason: '' }), 'must not be empty'],
  ['steps[0].effect.reason', step({ type: 'fail_task', reason: 5 }), 'must be text'],
  ['quota', { quota: 20 }, 'must be an object (a mapping)'],
  ['quota.exports', { quota: { per_seconds: 600 } }, 'is missing; it must be a whole number'],
  ['quota.exports', { quota: { exports: 0, per_seconds: 600 } }, 'must be at least 1'],
  ['quota.per_seconds', { quota: { exports: 1, per_seconds: 0.5 } }, 'must be a whole number'],
  ['quota.seconds', { quota: { exports: 1, per_seconds: 1, seconds: 1 } }, 'is not known here'],
  ['attacks', { attacks: {} }, 'must be a list'],
  [
    'steps[0].to',
    { steps: [{ on: 'any', from: '-PT2H', to: '2026-11-20T00:00:00Z', effect: { type: 'pass' } }] },
    'must be of the kind of "from": two times, or two distances from the start',
  ],
  [
    'steps[0].to',
    { steps: [{ on: 'any', from: 'PT2H', to: 'PT2H', effect: { type: 'pass' } }] },
    'must be after "from"',
  ],
  ['one_at_a_time.status', { one_at_a_time: { status: 429 } }, 'must be one of 400, 408, 409, 423, 425'],
  ['dates.sts', { dates: { sts: 5 } }, 'is not known here'],
  ['dates.iam', { dates: { iam: 1.5 } }, 'must be a whole number of seconds, "none", or a text'],
  ['dates.iam', { dates: { iam: 'a\r\nb' } }, 'must be printable ASCII'],
])('an issue at %s is put in words', (path, value, message) => {
  expect(issuesOf(value)).toEqual([`${path}: ${message}`]);
});

test('the message lists every issue', () => {
  expect(() => parseScenario(step({ type: 'cut' }))).toThrow(
    'Invalid scenario:\n  steps[0].effect.when: must be one of "before", "after"',
  );
});

test.each([undefined, null, 'text', 7, []])('%j is no scenario', (value) => {
  expect(issuesOf(value)).toHaveLength(1);
  expect(issuesOf(value)[0]).toMatch(/^\(the whole scenario\): /);
});
