import { askedSpan } from '../../domain/asked-span.ts';
import { asExportError, type ExportError, InterruptedError, UnavailableError } from '../../domain/errors.ts';
import type { Target } from '../../domain/target.ts';
import { entryOf, filtersDigest, seriesOf, type WindowRecord } from '../../domain/window-record.ts';
import type { AcceptedTask } from '../../ports.ts';
import type { RunPorts } from '../run-ports.ts';
import { announce, takeOver } from './announce.ts';
import { taskSubmittedMessage } from './message.ts';
import { standingOf } from './standing.ts';
import * as transitions from './transitions.ts';
import type { WindowDemand } from './window-demand.ts';
import {
  BUSY,
  failWith,
  heldUntil,
  OVERTAKEN,
  settled,
  stopped,
  type WindowOutcome,
} from './window-outcome.ts';

/**
 * Takes one window from wherever the ledger says it stands to `announced`: claim, submit, note, announce, note.
 * Whatever it dies between, the next run goes on from the ledger: a second task is possible, a hole is not.
 * Never throws; a failure is an outcome and, where the ledger can be reached, stands there too.
 */
export function submitWindow(
  ports: RunPorts,
  demand: WindowDemand,
  signal: AbortSignal,
): Promise<WindowOutcome> {
  return settled(() => takeUp(ports, demand, signal));
}

async function takeUp(ports: RunPorts, demand: WindowDemand, signal: AbortSignal): Promise<WindowOutcome> {
  const { ledger, clock } = ports;
  const { target, window } = demand;
  if (signal.aborted) return stopped(signal);
  const named = { targetId: target.id, window, filtersDigest: filtersDigest(target.filters) };
  const key = { ...named, series: seriesOf(demand) };
  const found = await ledger.find(key);
  const standing = isRecord(found) ? standingOf(entryOf(found), clock(), attemptsAllowed(demand)) : NEW;
  switch (standing.may) {
    case 'rest':
      return { outcome: 'covered' };
    case 'wait':
      return heldUntil(standing.until);
    case 'give up':
      return {
        outcome: 'left',
        why: 'every task that was allowed has failed; only a backfill orders another',
      };
    case 'announce':
      return found?.state === 'submitted' ? takeOver(ports, found) : OVERTAKEN;
    case 'submit': {
      const record = transitions.claimed(found, demand, clock());
      return (await ledger.save(record)) ? submitClaimed(ports, target, record, signal) : OVERTAKEN;
    }
  }
}

const NEW = { may: 'submit' } as const;

function isRecord(found: transitions.Found): found is WindowRecord {
  return found !== undefined && found.state !== 'unreadable';
}

// A person who asks for a window may have it once more than the runs would try by themselves.
function attemptsAllowed({ reason, target }: WindowDemand): number {
  return reason === 'backfill' ? Number.POSITIVE_INFINITY : target.maxAttempts;
}

/** Orders a window that this run has claimed, and publishes its task. Throws where the ledger fails. */
export async function submitClaimed(
  ports: RunPorts,
  target: Target,
  record: WindowRecord,
  signal: AbortSignal,
): Promise<WindowOutcome> {
  const { api, ledger, clock, observe } = ports;
  const { window, filters } = record;
  const span = askedSpan(window, target.window.overlap, clock());
  let task: AcceptedTask;
  try {
    task = await api.submit(target, { span, filters }, withinLease(signal));
  } catch (thrown) {
    const error = asExportError(thrown);
    const noted = await failWith(ports, error, transitions.failed(record, asKept(error), clock()));
    if (signal.aborted && error.kind === 'interrupted') return stopped(signal);
    return isLater(error) ? BUSY : noted;
  }
  const { taskId, callMilliseconds } = task;
  observe({ type: 'window_accepted', targetId: target.id, window, taskId, callMilliseconds });
  const kept = transitions.submitted(record, taskSubmittedMessage(target, record, task), clock());
  return (await ledger.save(kept)) ? announce(ports, kept) : OVERTAKEN;
}

// An interrupted call may have left a task; one that was not made has not, and its row must not say so.
function asKept(error: ExportError): ExportError {
  if (!(error instanceof InterruptedError && error.isBeforeCall)) return error;
  const message = `${error.message} No export was ordered: the login was not done.`;
  return new UnavailableError(message, { cause: error, reason: 'timeout', isOfLogin: true });
}

// 409 and its like: nothing is wrong, and the next sweep may find the way free. IAM's says nothing of exports.
function isLater(error: ExportError): boolean {
  return error instanceof UnavailableError && error.reason === 'busy' && !error.isOfLogin;
}

// Past the lease another run may hold the window, so the call ends a little before it.
function withinLease(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout((transitions.LEASE.seconds - 30) * 1000)]);
}
