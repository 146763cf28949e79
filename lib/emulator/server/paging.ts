import * as z from 'zod';

/** The two parameters of a query that asks for a page: `limit` from 1, and `offset` from 0. */
export function paging({ most, usual }: { most: number; usual: number }) {
  return {
    offset: wholeNumber(0, 2 ** 31 - 1).default(0),
    limit: wholeNumber(1, most).default(usual),
  };
}

function wholeNumber(least: number, most: number) {
  return z
    .string()
    .regex(/^\d{1,10}$/)
    .transform(Number)
    .pipe(z.int().min(least).max(most));
}
