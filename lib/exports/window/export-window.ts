import { asExportError, type ExportError, InterruptedError, UnavailableError } from '../../domain/errors.ts';
import type { Target } from '../../domain/input/target.ts';
import {
  entryOf,
  filtersDigest,
  seriesOf,
  type WindowKey,
  type WindowRow,
} from '../../domain/ledger/window-row.ts';
import { requestedSpan } from '../../domain/time/windows.ts';
import type { AcceptedTask } from '../../ports.ts';
import type { RunPorts } from '../../run-ports.ts';
import type { WindowInput } from './input.ts';
import { taskSubmittedMessage } from './message.ts';
import { nextActionOf } from './next-action.ts';
import {
  BUSY,
  LOST_LEASE,
  leasedUntil,
  recordFailure,
  stopped,
  toOutcome,
  type WindowOutcome,
} from './outcome.ts';
import * as transitions from './transitions.ts';

/**
 * Brings one window to `published`, from whatever state the ledger has: claim it, submit the order, save the task id with
 * the message, publish the message, save that it is published. Where the run dies in between, the next run goes on from the
 * ledger: a second task is possible, a gap is not. Never throws; a failure is an outcome and, where possible, recorded in
 * the ledger.
 */
export function submitWindow(
  ports: RunPorts,
  input: WindowInput,
  signal: AbortSignal,
): Promise<WindowOutcome> {
  return toOutcome(() => acquire(ports, input, signal));
}

async function acquire(ports: RunPorts, input: WindowInput, signal: AbortSignal): Promise<WindowOutcome> {
  const { ledger, clock } = ports;
  const { target, window } = input;
  if (signal.aborted) return stopped(signal);
  const named = { targetId: target.id, window, filtersDigest: filtersDigest(target.filters) };
  const key = { ...named, series: seriesOf(input) };
  const found = await ledger.find(key);
  const next = isReadable(found) ? nextActionOf(entryOf(found), clock(), attemptsAllowed(input)) : NEW;
  switch (next.may) {
    case 'rest':
      return { outcome: 'covered' };
    case 'wait':
      return leasedUntil(next.until);
    case 'exhausted':
      return {
        outcome: 'deferred',
        why: 'all max_attempts tasks have failed; raise max_attempts to order another',
      };
    case 'publish':
      return found?.state === 'submitted' ? takeOverLease(ports, found) : LOST_LEASE;
    case 'submit': {
      const row = transitions.claimed(found, input, clock());
      return (await ledger.save(row)) ? submitClaimed(ports, target, row, signal) : LOST_LEASE;
    }
  }
}

const NEW = { may: 'submit' } as const;

function isReadable(found: transitions.Found): found is WindowRow {
  return found !== undefined && found.state !== 'unreadable';
}

// A person who backfills a window may order more tasks than the runs do by themselves.
function attemptsAllowed({ reason, target }: WindowInput): number {
  return reason === 'backfill' ? Number.POSITIVE_INFINITY : target.maxAttempts;
}

/** Orders a window that this run has claimed, and publishes its task. Throws where the ledger fails. */
export async function submitClaimed(
  ports: RunPorts,
  target: Target,
  row: WindowRow,
  signal: AbortSignal,
): Promise<WindowOutcome> {
  const { api, ledger, clock, observe } = ports;
  const { window, filters } = row;
  const span = requestedSpan(window, target.window.overlap, clock());
  let task: AcceptedTask;
  try {
    task = await api.submit(target, { span, filters }, withinLease(signal));
  } catch (thrown) {
    const error = asExportError(thrown);
    const outcome = await recordFailure(ports, error, transitions.failed(row, errorToStore(error), clock()));
    if (signal.aborted && error.kind === 'interrupted') return stopped(signal);
    return isBusy(error) ? BUSY : outcome;
  }
  const { taskId, callMilliseconds } = task;
  observe({ type: 'window_accepted', targetId: target.id, window, taskId, callMilliseconds });
  // The task id is saved before its message is published: no run that dies can lose a task.
  const kept = transitions.submitted(row, taskSubmittedMessage(target, row, task), clock());
  return (await ledger.save(kept)) ? publish(ports, kept) : LOST_LEASE;
}

// An interrupted call may have left a task, and its row says so. Here the call was not made.
function errorToStore(error: ExportError): ExportError {
  if (!(error instanceof InterruptedError && error.isBeforeCall)) return error;
  const message = `${error.message} No export was ordered: the login was not done.`;
  return new UnavailableError(message, { cause: error, reason: 'timeout', isOfLogin: true });
}

// 409 and the like: nothing is wrong, and the next sweep may succeed. At a login such a status says nothing of exports.
function isBusy(error: ExportError): boolean {
  return error instanceof UnavailableError && error.reason === 'busy' && !error.isOfLogin;
}

// After the lease another run may have the window, so the call ends a little earlier.
function withinLease(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout((transitions.LEASE.seconds - 30) * 1000)]);
}

/** Publishes the message of a task that another run ordered before it died. Never throws. */
export function publishKept(ports: RunPorts, key: WindowKey): Promise<WindowOutcome> {
  const { ledger, clock } = ports;
  return toOutcome(async () => {
    const row = await ledger.find(key);
    if (row?.state !== 'submitted') return LOST_LEASE;
    const next = nextActionOf(entryOf(row), clock(), 1);
    return next.may === 'publish' ? takeOverLease(ports, row) : LOST_LEASE;
  });
}

/** Takes over the lease of a run that died, and publishes the window. */
async function takeOverLease(ports: RunPorts, row: transitions.SubmittedRow): Promise<WindowOutcome> {
  const ours = transitions.takenOver(row, ports.clock());
  return (await ports.ledger.save(ours)) ? publish(ports, ours) : LOST_LEASE;
}

/** Publishes the message of a window that this run has leased. */
export async function publish(ports: RunPorts, row: transitions.SubmittedRow): Promise<WindowOutcome> {
  const { queue, ledger, clock, observe } = ports;
  const { targetId, window, message } = row;
  try {
    await queue.publish(message);
  } catch (thrown) {
    const error = asExportError(thrown);
    return recordFailure(ports, error, transitions.unpublished(row, error, clock()));
  }
  observe({ type: 'window_published', targetId, window, message });
  // If another run has taken over in the meantime, it publishes the same message with the same id, and saves that.
  await ledger.save(transitions.published(row, clock()));
  return { outcome: 'published' };
}
