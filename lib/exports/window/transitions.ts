import { type ExportError, UnavailableError } from '../../domain/errors.ts';
import type { TaskSubmitted } from '../../domain/exports/message.ts';
import { TASK_FAILED, TOO_EARLY } from '../../domain/exports/task-errors.ts';
import { nextVersion } from '../../domain/ledger/compare-and-set.ts';
import type { Failure, UnreadableRow, WindowRow, WindowState } from '../../domain/ledger/window-row.ts';
import type { Instant } from '../../domain/time/instant.ts';
import type { WindowInput } from './input.ts';

/**
 * How long a window belongs to the run that claimed it; after that, another run may take it over. Longer than the work on
 * one window takes, retries included: the work is stopped before the lease ends.
 */
export const LEASE = { seconds: 360 };

export type SubmittedRow = Extract<WindowRow, { state: 'submitted' }>;
export type PublishedRow = Extract<WindowRow, { state: 'published' }>;

/**
 * Leases the window to this run. A window that failed, or whose run died, keeps its first reason. After a task that Huawei
 * accepted and that then failed, this is another attempt, with another message.
 */
export function claimed(found: Found, input: WindowInput, now: Instant): WindowRow {
  const { isUnverified } = input;
  const base = { ...baseFrom(found, input), ...(isUnverified === undefined ? {} : { isUnverified }) };
  return rowWith(base, { state: 'claimed', leaseUntil: now.add(LEASE) }, now);
}

/** What the ledger has of a window. */
export type Found = WindowRow | UnreadableRow | undefined;

/** Huawei has accepted the task: the row keeps the task id and the message before the message is published. */
export function submitted(row: WindowRow, message: TaskSubmitted, now: Instant): SubmittedRow {
  return rowWith(row, { state: 'submitted', leaseUntil: now.add(LEASE), message }, now);
}

/** Taken over from a run that died, to publish its message. */
export function takenOver(row: SubmittedRow, now: Instant): SubmittedRow {
  return submitted(row, row.message, now);
}

/** The queue has stored the message. */
export function published(row: SubmittedRow, now: Instant): WindowRow {
  return rowWith(row, { state: 'published', message: row.message, publishedAt: now }, now);
}

/** The task ended in SUCCESS, and the records are in its file. */
export function confirmed(row: PublishedRow, now: Instant): WindowRow {
  const { message, publishedAt } = row;
  return rowWith(row, { state: 'confirmed', message, publishedAt, confirmedAt: now }, now);
}

/** The same row again, where only its columns were damaged. */
export function rewritten(row: WindowRow, now: Instant): WindowRow {
  return nextVersion(row, now);
}

/** The window stays published; its row notes that it is unconfirmed and was reported so at `reportedAt`. */
export function unconfirmed(
  row: PublishedRow,
  error: ExportError,
  { reportedAt, now }: { reportedAt: Instant; now: Instant },
): WindowRow {
  const { message, publishedAt } = row;
  return rowWith(
    row,
    { state: 'published', message, publishedAt, failure: failureOf(error, reportedAt) },
    now,
  );
}

/** The 30 days are over without a confirmation. The window stays published; its row notes that this was reported. */
export function neverConfirmed(row: PublishedRow, error: ExportError, now: Instant): WindowRow {
  return unconfirmed(row, error, { reportedAt: now, now });
}

/** The 30 days are over without an export. The row keeps the last failure, where an export was tried. */
export function lost(found: Found, input: WindowInput, now: Instant): WindowRow {
  const failure = found?.state === 'failed' ? { failure: found.failure } : {};
  const base = !found || found.state === 'unreadable' ? baseFrom(found, input) : found;
  return rowWith(base, { state: 'lost', lostAt: now, ...failure }, now);
}

/**
 * The order or its task failed; the window is free at once. The number of an export for alerts is tried once, so a task that
 * the call may have left is counted here.
 */
export function failed(row: WindowRow, error: ExportError, now: Instant): WindowRow {
  const orphans = row.orphans + (row.alertExport && mayHaveOrphan(error) ? 1 : 0);
  return rowWith({ ...row, orphans }, { state: 'failed', failure: failureOf(error, now) }, now);
}

/** The published task belongs to another window, too. It counts as an attempt, because a message named it. */
export function disowned(row: PublishedRow, error: ExportError, now: Instant): WindowRow {
  return failed({ ...row, attempt: row.attempt + 1 }, error, now);
}

/** The task exists and its message could not be published: the lease ends now, so that the next run can do it. */
export function unpublished(row: SubmittedRow, error: ExportError, now: Instant): WindowRow {
  const { message } = row;
  return rowWith(row, { state: 'submitted', leaseUntil: now, message, failure: failureOf(error, now) }, now);
}

type Base = Omit<Extract<WindowRow, { state: 'claimed' }>, 'state' | 'leaseUntil' | 'writeId' | 'updatedAt'>;

function newBase({ target, window, reason, trigger, alerts, alertExport, attempt = 1 }: WindowInput): Base {
  const { id: targetId, filters } = target;
  const why = { reason, trigger, ...(alerts ? { alerts } : {}), ...(alertExport ? { alertExport } : {}) };
  return { targetId, window, filters, ...why, attempt, orphans: 0, version: 0 };
}

// The content of an unreadable row is not known: another attempt, so that its message is another message.
function baseFrom(found: Found, input: WindowInput): Base {
  if (!found) return newBase(input);
  if (found.state !== 'unreadable') return againFrom(found);
  return { ...newBase(input), attempt: found.attempt + 1, version: found.version };
}

// There was a task, and perhaps its message: the next message must not have the same id.
const ANOTHER_TASK = [TASK_FAILED, TOO_EARLY];

function againFrom({ isUnverified: _, ...found }: WindowRow): Base {
  const isNext = 'failure' in found && ANOTHER_TASK.includes(found.failure?.kind ?? '');
  const attempt = found.attempt + (isNext ? 1 : 0);
  return { ...found, attempt, orphans: found.orphans + (mayHaveLeftTask(found) ? 1 : 0) };
}

// A claimed window: its run died, perhaps after the call.
function mayHaveLeftTask(found: WindowRow): boolean {
  if (found.state === 'claimed') return true;
  return found.state === 'failed' && UNANSWERED.includes(found.failure.kind);
}

function rowWith<State extends WindowState>(base: Base, state: State, now: Instant) {
  const {
    targetId,
    window,
    filters,
    reason,
    trigger,
    alerts,
    alertExport,
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
    ...(alertExport ? { alertExport } : {}),
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

// Huawei may have accepted the order, and the answer was not read.
const UNANSWERED = ['interrupted', 'malformed_reply'];
