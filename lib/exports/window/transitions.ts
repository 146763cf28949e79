import { type ExportError, TASK_FAILED, TOO_EARLY, UnavailableError } from '../../domain/errors.ts';
import type { TaskSubmitted } from '../../domain/exports/message.ts';
import { nextVersion } from '../../domain/ledger/compare-and-set.ts';
import type { Failure, UnreadableRow, WindowRow, WindowState } from '../../domain/ledger/window-row.ts';
import type { Instant } from '../../domain/time/instant.ts';
import type { WindowInput } from './outcome.ts';

/**
 * How long a window belongs to the run that claimed it; after that, another run may take it over.
 * Longer than one window's work ever takes, retries included: the work is ended before its lease is.
 */
export const LEASE = { seconds: 360 };

export type SubmittedRow = Extract<WindowRow, { state: 'submitted' }>;
export type PublishedRow = Extract<WindowRow, { state: 'published' }>;

/**
 * The window is ours for the length of a lease. A window that failed or was abandoned keeps its first reason; after a
 * task that Huawei accepted and that then failed, this is another attempt, and its message another message.
 */
export function claimed(found: Found, input: WindowInput, now: Instant): WindowRow {
  const { isUnverified } = input;
  const base = { ...baseFrom(found, input), ...(isUnverified === undefined ? {} : { isUnverified }) };
  return written(base, { state: 'claimed', leaseUntil: now.add(LEASE) }, now);
}

/** What the ledger has of a window. */
export type Found = WindowRow | UnreadableRow | undefined;

/** Huawei has the task, and the message that says so is kept before it is sent. */
export function submitted(row: WindowRow, message: TaskSubmitted, now: Instant): SubmittedRow {
  return written(row, { state: 'submitted', leaseUntil: now.add(LEASE), message }, now);
}

/** Taken over from a run that died, to send the message it kept. */
export function takenOver(row: SubmittedRow, now: Instant): SubmittedRow {
  return submitted(row, row.message, now);
}

/** The queue has the message for good. */
export function published(row: SubmittedRow, now: Instant): WindowRow {
  return written(row, { state: 'published', message: row.message, publishedAt: now }, now);
}

/** Huawei finished the task, and the records are in its file. */
export function confirmed(row: PublishedRow, now: Instant): WindowRow {
  const { message, publishedAt } = row;
  return written(row, { state: 'confirmed', message, publishedAt, confirmedAt: now }, now);
}

/** The same again, on top of a row of which only the row is right. */
export function rewritten(row: WindowRow, now: Instant): WindowRow {
  return nextVersion(row, now);
}

/** Nobody knows how the task ended, which was told at `toldAt`. The window stays as it is, but for that note. */
export function unconfirmed(
  row: PublishedRow,
  error: ExportError,
  { toldAt, now }: { toldAt: Instant; now: Instant },
): WindowRow {
  const { message, publishedAt } = row;
  return written(row, { state: 'published', message, publishedAt, failure: failureOf(error, toldAt) }, now);
}

/** The 30 days are over and nobody said how the task ended. The window stays as it is, but for the note that it was told. */
export function neverConfirmed(row: PublishedRow, error: ExportError, now: Instant): WindowRow {
  return unconfirmed(row, error, { toldAt: now, now });
}

/** The 30 days are over. Where an export was tried, the row goes on saying why it came to nothing. */
export function lost(found: Found, input: WindowInput, now: Instant): WindowRow {
  const failure = found?.state === 'failed' ? { failure: found.failure } : {};
  const base = !found || found.state === 'unreadable' ? baseFrom(found, input) : found;
  return written(base, { state: 'lost', lostAt: now, ...failure }, now);
}

/**
 * No task came of it, or none that ended well; the window is free at once. The number of an export for alerts is tried
 * once, so here is the last chance to count the task that it may have left.
 */
export function failed(row: WindowRow, error: ExportError, now: Instant): WindowRow {
  const orphans = row.orphans + (row.order && mayHaveOrphan(error) ? 1 : 0);
  return written({ ...row, orphans }, { state: 'failed', failure: failureOf(error, now) }, now);
}

/** The published task turned out to be another window's. It counts as an attempt, because a message named it. */
export function disowned(row: PublishedRow, error: ExportError, now: Instant): WindowRow {
  return failed({ ...row, attempt: row.attempt + 1 }, error, now);
}

/** The task exists but could not be published: the next run need not wait for the lease. */
export function unpublished(row: SubmittedRow, error: ExportError, now: Instant): WindowRow {
  const { message } = row;
  return written(row, { state: 'submitted', leaseUntil: now, message, failure: failureOf(error, now) }, now);
}

type Base = Omit<Extract<WindowRow, { state: 'claimed' }>, 'state' | 'leaseUntil' | 'writeId' | 'updatedAt'>;

function unwritten({ target, window, reason, trigger, alerts, order, attempt = 1 }: WindowInput): Base {
  const { id: targetId, filters } = target;
  const why = { reason, trigger, ...(alerts ? { alerts } : {}), ...(order ? { order } : {}) };
  return { targetId, window, filters, ...why, attempt, orphans: 0, version: 0 };
}

// What an unreadable row was about nobody knows: another attempt, so that its message is another message.
function baseFrom(found: Found, input: WindowInput): Base {
  if (!found) return unwritten(input);
  if (found.state !== 'unreadable') return againFrom(found);
  return { ...unwritten(input), attempt: found.attempt + 1, version: found.version };
}

// There was a task, and perhaps a message about it: the next one must not have the same id.
const ANOTHER_TASK = [TASK_FAILED, TOO_EARLY];

function againFrom({ isUnverified: _, ...found }: WindowRow): Base {
  const isNext = 'failure' in found && ANOTHER_TASK.includes(found.failure?.kind ?? '');
  const attempt = found.attempt + (isNext ? 1 : 0);
  return { ...found, attempt, orphans: found.orphans + (mayHaveLeftTask(found) ? 1 : 0) };
}

// The run died as well.
function mayHaveLeftTask(found: WindowRow): boolean {
  if (found.state === 'claimed') return true;
  return found.state === 'failed' && UNANSWERED.includes(found.failure.kind);
}

function written<State extends WindowState>(base: Base, state: State, now: Instant) {
  const {
    targetId,
    window,
    filters,
    reason,
    trigger,
    alerts,
    order,
    attempt,
    isUnverified,
    orphans,
    version,
  } = base;
  const kept = {
    targetId,
    window,
    filters,
    reason,
    trigger,
    ...(alerts ? { alerts } : {}),
    ...(order ? { order } : {}),
    attempt,
    ...(isUnverified ? { isUnverified } : {}),
    orphans,
    version,
  };
  return nextVersion({ ...kept, ...state }, now);
}

function failureOf({ kind, message, vendor }: ExportError, at: Instant): Failure {
  return { kind, message, at, vendorCode: vendor?.code, requestId: vendor?.requestId };
}

function mayHaveOrphan(error: ExportError): boolean {
  if (error instanceof UnavailableError) return error.mayHaveArrived;
  return UNANSWERED.includes(error.kind);
}

// Huawei may have had the order already, and nobody could read what it answered.
const UNANSWERED = ['interrupted', 'malformed_reply'];
