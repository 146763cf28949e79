import * as z from 'zod/mini';

/**
 * The shape of a stored document, by a number that every row carries. A release that changes a shape writes the next
 * number and goes on reading those before; rows of each are kept under `test/fixtures/ledger`.
 */
export const storedSchema = z.literal(
  1,
  'is not 1: a newer release wrote the row, which this one cannot read',
);
