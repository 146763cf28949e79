import { it } from 'vitest';
import { expectAllWell } from './expect-seeds.ts';

it('seeds 1 to 100: whatever happens to the whole system for weeks, what is not exported is reported', async () => {
  await expectAllWell(1, 100);
});
