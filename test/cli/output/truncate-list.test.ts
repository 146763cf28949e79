import { expect, it } from 'vitest';
import { truncateList } from '../../../lib/cli/output/text.ts';

const shape = { most: 5, first: 2, last: 1 };

it('a list that is not too long is shown whole', () => {
  expect(truncateList(['1', '2', '3', '4', '5'], shape)).toEqual(['1', '2', '3', '4', '5']);
});

it('of a longer list the first and the last are shown, and how many are left out', () => {
  expect(truncateList(['1', '2', '3', '4', '5', '6'], shape)).toEqual(['1', '2', '… 3 more', '6']);
});
