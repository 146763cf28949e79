import { expect, test } from 'vitest';
import { attackFrom } from '../../../lib/emulator/scenarios/attack.ts';
import { parseScenario, type ScenarioError } from '../../../lib/emulator/scenarios/scenario.ts';
import { MINUTE, NOON } from '../running-emulator.ts';

const LEAST = { from: '-PT2H', to: 'PT0S', logins: 3 };

function issuesOf(change: object): readonly string[] {
  try {
    parseScenario({ attacks: [{ ...LEAST, ...change }] });
    return [];
  } catch (error) {
    return (error as ScenarioError).issues.map(({ path, message }) => `${path}: ${message}`);
  }
}

test('the time and the number of logins are enough for an attack, whose logins then succeed', () => {
  expect(parseScenario({ attacks: [LEAST] }).attacks).toEqual([{ ...LEAST, failed: false }]);
});

test('what was read can be read again', () => {
  const scenario = parseScenario({ attacks: [{ ...LEAST, public_ip: '203.0.113.45', failed: true }] });
  expect(parseScenario(scenario)).toEqual(scenario);
});

test.each([
  [{ logins: 0 }, 'logins: must be at least 1'],
  [{ logins: 100_001 }, 'logins: must be at most 100000'],
  [{ logins: undefined }, 'logins: is missing; it must be a whole number'],
  [{ failed: 'yes' }, 'failed: must be true or false'],
  [{ public_ip: '' }, 'public_ip: must not be empty'],
  [{ user_name: 7 }, 'user_name: must be text'],
  [{ machine: 'x' }, 'machine: is not known here'],
  [{ to: '-PT2H' }, 'to: must be after "from"'],
  [{ from: '2026-11-20T11:00:00+01:00', to: '2026-11-20T10:00:00Z' }, 'to: must be after "from"'],
  [
    { to: '2026-11-20T10:00:00Z' },
    'to: must be of the kind of "from": two times, or two distances from the start',
  ],
])('%j is an issue with its path', (change, issue) => {
  expect(issuesOf(change)).toEqual([`attacks[0].${issue}`]);
});

test('an attack whose times are distances moves with the start of the scenario', () => {
  const hour = { from: '2026-11-20T10:00:00Z', to: '2026-11-20T11:00:00Z', logins: 60, failed: true };
  const relative = { ...hour, from: '-PT2H', to: '-PT1H' };
  expect(attackFrom(relative, NOON)).toEqual(attackFrom(hour, 0));
  expect(attackFrom(relative, NOON + MINUTE).start).toBe(Date.parse('2026-11-20T10:01:00Z'));
});
