import * as z from 'zod/mini';
import { $ZodError } from 'zod/v4/core';
import { InfrastructureError } from '../../domain/errors.ts';
import { issuesOf } from '../../domain/input/schema.ts';

/** What is wrong with a row, in words. */
export function wrong(cause: unknown): string {
  if (!(cause instanceof $ZodError)) return String(cause);
  return issuesOf(cause)
    .map(({ path, message }) => `${path} ${message}`)
    .join('; ');
}

/** Of a row that is there; `action` is what was being done, such as `read target acme from the ledger table windows`. */
export function unreadable(action: string, cause: unknown): InfrastructureError {
  return new InfrastructureError(
    `Could not ${action}: the row is there but cannot be read: ${wrong(cause)}`,
    { cause },
  );
}

/** Whether a newer release wrote the record. It may say more than this one knows, and must not be written over. */
export function isOfNewerRelease(record: string): boolean {
  return z.looseObject({ schema: z.int().check(z.gt(1)) }).safeParse(parsedJson(record)).success;
}

/** What JSON says; undefined for text that is none. */
export function parsedJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
