import { randomUUID } from 'node:crypto';
import type { ExportError } from '../domain/errors.ts';
import type { Instant } from '../domain/instant.ts';
import type { TaskSubmitted } from '../domain/task-submitted.ts';
import type { Failure, WindowRecord, WindowState } from '../domain/window-record.ts';
import type { WindowDemand } from './window-demand.ts';

/**
 * How long a window belongs to the run that claimed it; after that, another run may take it over.
 * Longer than one window's work ever takes, retries included: the work is ended before its lease is.
 */
export const LEASE = { seconds: 360 };

export type SubmittedRecord = Extract<WindowRecord, { state: 'submitted' }>;

/** The window is ours for the length of a lease. A window that failed or was abandoned keeps its first reason. */
export function claimed(found: WindowRecord | undefined, demand: WindowDemand, now: Instant): WindowRecord {
  const { target, window, reason, trigger } = demand;
  const base = found ?? {
    targetId: target.id,
    window,
    filters: target.filters,
    reason,
    trigger,
    attempt: 1,
    version: 0,
  };
  return written(base, { state: 'claimed', leaseUntil: now.add(LEASE) }, now);
}

/** Huawei has the task, and the message that says so is kept before it is sent. */
export function submitted(record: WindowRecord, message: TaskSubmitted, now: Instant): SubmittedRecord {
  return written(record, { state: 'submitted', leaseUntil: now.add(LEASE), message }, now);
}

/** Taken over from a run that died, to send the message it kept. */
export function takenOver(record: SubmittedRecord, now: Instant): SubmittedRecord {
  return submitted(record, record.message, now);
}

/** The queue has the message for good. */
export function announced(record: SubmittedRecord, now: Instant): WindowRecord {
  return written(record, { state: 'announced', message: record.message, announcedAt: now }, now);
}

/** No task came of it; the window is free at once. */
export function failed(record: WindowRecord, error: ExportError, now: Instant): WindowRecord {
  return written(record, { state: 'failed', failure: failureOf(error, now) }, now);
}

/** The task exists but could not be announced: the next run need not wait for the lease. */
export function unannounced(record: SubmittedRecord, error: ExportError, now: Instant): WindowRecord {
  const { message } = record;
  return written(
    record,
    { state: 'submitted', leaseUntil: now, message, failure: failureOf(error, now) },
    now,
  );
}

type Base = Pick<
  WindowRecord,
  'targetId' | 'window' | 'filters' | 'reason' | 'trigger' | 'attempt' | 'version'
>;

function written<State extends WindowState>(base: Base, state: State, now: Instant) {
  const { targetId, window, filters, reason, trigger, attempt, version } = base;
  const kept = { targetId, window, filters, reason, trigger, attempt };
  return { ...kept, ...state, version: version + 1, writeId: randomUUID(), updatedAt: now };
}

function failureOf({ kind, message, vendor }: ExportError, at: Instant): Failure {
  return { kind, message, at, vendorCode: vendor?.code, requestId: vendor?.requestId };
}
