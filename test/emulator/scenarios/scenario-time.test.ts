import { expect, test } from 'vitest';
import { isDistance, scenarioTime, timeFrom } from '../../../lib/emulator/scenarios/scenario-time.ts';
import { DAY, MINUTE, NOON } from '../running-emulator.ts';

test.each([
  ['PT0S', 0],
  ['-PT2H', -120 * MINUTE],
  ['P1DT30M', DAY + 30 * MINUTE],
  ['-PT1H2M3S', -62 * MINUTE - 3000],
  ['P10D', 10 * DAY],
])('%s is a distance from the start', (text, distance) => {
  expect(scenarioTime.safeParse(text).success).toBe(true);
  expect(isDistance(text)).toBe(true);
  expect(timeFrom(text, NOON)).toBe(NOON + distance);
});

test.each([
  ['2026-11-20T12:00:00Z', 0],
  ['2026-11-20T13:30:00.250+01:00', 30 * MINUTE + 250],
])('%s is a time, whenever the start is', (text, afterNoon) => {
  expect(scenarioTime.safeParse(text).success).toBe(true);
  expect(isDistance(text)).toBe(false);
  expect(timeFrom(text, 0)).toBe(NOON + afterNoon);
});

test.each([
  '',
  'P',
  'PT',
  'P1DT',
  'PT2',
  'P1M',
  'P1Y',
  'PT1.5H',
  '+PT1H',
  'two hours ago',
  '2026-11-20',
  '2026-11-20T12:00:00',
  '2026-02-30T12:00:00Z',
])('%j is neither, and it is said what would be', (text) => {
  const { error } = scenarioTime.safeParse(text);
  expect(error?.issues.map(({ message }) => message)).toEqual([
    'must be a time such as 2026-11-23T00:35:00Z, or a distance from the start of the emulator such as -PT2H or PT0S',
  ]);
});
