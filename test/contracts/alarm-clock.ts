import { Temporal } from 'temporal-polyfill';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AlarmClock } from '../../lib/ports.ts';

/** An alarm clock, and how it is put away. Its own clock says 2026-11-24T12:00Z. */
export type AlarmUnderTest = { alarm: AlarmClock; close(): Promise<void> };

/** What every alarm clock does. `make` makes a new one for each test. */
export function describeAlarmContract(name: string, make: () => Promise<AlarmUnderTest>): void {
  describe(`the ${name} alarm`, () => {
    let subject: AlarmUnderTest;

    beforeEach(async () => {
      subject = await make();
    });
    afterEach(() => subject.close());

    const wake = (at: string) => subject.alarm.wake('acme-prod', Temporal.Instant.from(at));

    test('is set for a time to come', async () => {
      await expect(wake('2026-11-24T12:30Z')).resolves.toBeUndefined();
    });

    test('may be set twice, one after the other and at the same moment', async () => {
      await wake('2026-11-24T12:30Z');
      const again = Promise.all([wake('2026-11-24T12:30Z'), wake('2026-11-24T12:30Z')]);
      await expect(again).resolves.toEqual([undefined, undefined]);
    });

    test('takes a time that has passed, or is about to', async () => {
      await expect(wake('2026-11-24T11:00Z')).resolves.toBeUndefined();
      await expect(wake('2026-11-24T12:00Z')).resolves.toBeUndefined();
    });
  });
}
