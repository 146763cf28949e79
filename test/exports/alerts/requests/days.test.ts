import { it } from 'vitest';
import { MODES } from '../../../guarantees/alert-days/day.ts';
import { expectGoodDays } from '../../../guarantees/alert-days/expect-days.ts';

// Few and small: test/guarantees has many.
it.each(MODES)('a day of alerts (%s) exports all that is asked for, within the cap', async (mode) => {
  await expectGoodDays({ store: 'SQLite', mode, from: 1_001, to: 1_001, mostAlerts: 25 });
});
