import { ExportError } from '../errors.ts';

/** Errors of export tasks that Huawei had accepted. The ledger keeps their kinds. */

/** Huawei accepted the export and its task then failed, or expired before anybody fetched the file: a gap again. */
export class TaskFailedError extends ExportError {
  static override readonly name = 'TaskFailedError';
  readonly kind = TASK_FAILED;
}

/** The kind of `TaskFailedError`: the next export of the window is another attempt. */
export const TASK_FAILED = 'task_failed';

/**
 * A task was ordered before the end of its window, by our own clock, which was ahead: a gap again, and no error of
 * Huawei's.
 */
export class TooEarlyError extends ExportError {
  static override readonly name = 'TooEarlyError';
  readonly kind = TOO_EARLY;
}

/**
 * The kind of `TooEarlyError`: the next export is another task with another message, but no window is exhausted by it.
 */
export const TOO_EARLY = 'too_early';

/**
 * Huawei's task list answers, and for a day it has not shown how an export ended: check that its file was fetched, while
 * Huawei still has the records.
 */
export class UnconfirmedError extends ExportError {
  static override readonly name = 'UnconfirmedError';
  readonly kind = UNCONFIRMED;
}

/** The kind of `UnconfirmedError`: this was reported. */
export const UNCONFIRMED = 'unconfirmed';

/** The 30 days are over and it is not known how a task ended: check that its file was fetched. */
export class NeverConfirmedError extends ExportError {
  static override readonly name = 'NeverConfirmedError';
  readonly kind = NEVER_CONFIRMED;
}

/** The kind of `NeverConfirmedError`: this was reported, and the window is final. */
export const NEVER_CONFIRMED = 'never_confirmed';
