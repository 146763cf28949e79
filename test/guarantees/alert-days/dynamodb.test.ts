import { it } from 'vitest';
import { MODES } from './day.ts';
import { expectGoodDays } from './expect-days.ts';

it.each(MODES)(
  'DynamoDB: all that alerts ask for on a day (%s) is exported or reported, once and within the cap',
  async (mode) => {
    await expectGoodDays({ store: 'DynamoDB', mode, from: 501, to: 503 });
  },
);
