import { PassThrough } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { clockFrom, instantOption } from '../../../lib/cli/context/options.ts';
import { createScreen } from '../../../lib/cli/output/screen.ts';
import { login } from '../../support/command/command-line.ts';

const screen = createScreen({ stdout: new PassThrough(), stderr: new PassThrough() }, { json: false });

it('a clock that was set goes on from there', async () => {
  const start = Temporal.Instant.from('2026-11-23T00:35:00Z');
  const clock = clockFrom(start, screen);
  await wait(30);
  const passed = start.until(clock()).total('milliseconds');
  expect(passed).toBeGreaterThanOrEqual(25);
  expect(passed).toBeLessThan(60_000);
});

it('a clock that was not set is the real one', () => {
  expect(Math.abs(clockFrom(undefined, screen)().epochMilliseconds - Date.now())).toBeLessThan(60_000);
});

describe('a time on the command line', () => {
  it.each(['2000-01-01T00:00:00Z', '2199-12-31T23:59:59.999Z', '2200-01-01T00:00:00+08:00'])(
    'may be %s',
    (text) => {
      expect(instantOption(text).equals(Temporal.Instant.from(text))).toBe(true);
    },
  );

  const UNUSABLE = [
    '0001-01-01T00:00:00Z',
    '1999-12-31T23:59:59.999Z',
    '2000-01-01T00:00:00+00:01',
    '2200-01-01T00:00:00Z',
    '9999-12-31T23:59:59Z',
  ];
  const RANGE = ['backfill', '--target', 'acme'];
  const [FROM, TO] = [
    ['--from', '2026-11-01T00:00:00Z'],
    ['--to', '2026-11-02T00:00:00Z'],
  ];
  it.each([
    [['run'], '--now'],
    [['run'], '--at'],
    [['plan'], '--now'],
    [['plan'], '--at'],
    [['status'], '--now'],
    [['doctor'], '--now'],
    [['emulator'], '--now'],
    [['alert', '--event', 'event.json'], '--at'],
    [['alert', '--event', 'event.json'], '--now'],
    [[...RANGE, ...FROM, ...TO], '--now'],
    [[...RANGE, ...TO], '--from'],
    [[...RANGE, ...FROM], '--to'],
  ])('is wrong usage outside of these years: %j %s', async (words, option) => {
    for (const text of UNUSABLE) {
      const { status, stdout, stderr } = await login([...words, option, text]);
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
      expect(stderr).toContain(`${option}: "${text}" is not valid; must be a time from 2000 to 2199`);
    }
  });
});
