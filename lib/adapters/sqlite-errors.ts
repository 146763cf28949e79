import { InfrastructureError } from '../domain/errors.ts';
import { infrastructureError } from './errors.ts';

/** How long a statement waits for another process to finish its write, in milliseconds. */
export const BUSY_MILLISECONDS = 5_000;

/** Result codes of SQLite (sqlite.org/rescode.html). */
export const CODES = {
  sql: 1,
  busy: 5,
  locked: 6,
  readOnly: 8,
  inputOutput: 10,
  corrupt: 11,
  cannotOpen: 14,
  notADatabase: 26,
};

/** What a failure to open a state file means, and what to do about it. */
export function openingError(file: string, cause: unknown): InfrastructureError {
  if (cause instanceof InfrastructureError) return cause;
  if (hasCode(cause, CODES.corrupt, CODES.notADatabase)) return damaged(file, messageOf(cause), cause);
  if (hasCode(cause, CODES.sql)) return ofAnotherRelease(file, cause);
  if (hasCode(cause, CODES.busy, CODES.locked)) return held(file, cause);
  const failure = infrastructureError(`open the SQLite file ${file}`, cause);
  if (!hasCode(cause, CODES.inputOutput)) return failure;
  return new InfrastructureError(`${failure.message}. Is the disk full?`, { cause });
}

// The schema and the statements of a ledger fit every file but one whose tables have other columns.
function ofAnotherRelease(file: string, cause: unknown): InfrastructureError {
  return new InfrastructureError(
    `The state file ${file} has tables of another release (${messageOf(cause)}). Use the release that wrote it, or begin ` +
      'with another state folder and set start_at of each target to where coverage shall begin again.',
    { cause },
  );
}

function held(file: string, cause: unknown): InfrastructureError {
  return new InfrastructureError(
    `Another process has held the state file ${file} for ${BUSY_MILLISECONDS / 1_000} seconds (${messageOf(cause)}). Try again when it is done.`,
    { cause },
  );
}

/** A state file that is not whole. `what` is how that shows. */
export function damaged(file: string, what: string, cause?: unknown): InfrastructureError {
  return new InfrastructureError(`The state file ${file} is damaged: ${what}. ${WHAT_TO_DO}`, { cause });
}

const WHAT_TO_DO =
  'It is the record of what was exported, and messages may be on it that nobody has read: restore it from a copy. Without one, move it away with its -wal, -shm and -journal, and set start_at of each target to where coverage shall begin again, 30 days ago at most.';

/** Whether an error of SQLite has one of these result codes. Extended codes carry the plain one in their low byte. */
export function hasCode(error: unknown, ...codes: readonly number[]): boolean {
  return error instanceof Error && 'errcode' in error && codes.includes(Number(error.errcode) & 0xff);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
