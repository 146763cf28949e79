import { it } from 'vitest';
import { expectAllWell } from './expect-seeds.ts';

it('seeds 101 to 200: whatever happens to the whole system for weeks, what is not exported is reported', async () => {
  await expectAllWell(101, 200);
});
