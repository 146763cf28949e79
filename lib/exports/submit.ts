import { askedSpan } from '../domain/asked-span.ts';
import { asExportError, type ExportError, InfrastructureError, InterruptedError } from '../domain/errors.ts';
import type { Target } from '../domain/target.ts';
import type { WindowRecord } from '../domain/window-record.ts';
import type { Clock, ExportApi, Ledger, Observe, TaskQueue } from '../ports.ts';
import { taskSubmittedMessage } from './message.ts';
import { standingOf } from './standing.ts';
import * as transitions from './transitions.ts';
import type { WindowDemand } from './window-demand.ts';

/** How it went; `left` means that another run has the window in its hands. */
export type SubmitOutcome =
  | { outcome: 'announced' }
  | { outcome: 'covered' }
  | { outcome: 'left'; why: string }
  | { outcome: 'failed'; error: ExportError };

export type SubmitPorts = {
  api: ExportApi;
  ledger: Ledger;
  queue: TaskQueue;
  clock: Clock;
  observe: Observe;
};

/**
 * Takes one window from wherever the ledger says it stands to `announced`: claim, submit, note, announce, note.
 * Whatever it dies between, the next run goes on from the ledger: a second task is possible, a hole is not.
 * Never throws; a failure is an outcome and, where the ledger can be reached, stands there too.
 */
export async function submitWindow(
  ports: SubmitPorts,
  demand: WindowDemand,
  signal: AbortSignal,
): Promise<SubmitOutcome> {
  try {
    return await takeUp(ports, demand, signal);
  } catch (error) {
    return { outcome: 'failed', error: asExportError(error) };
  }
}

async function takeUp(ports: SubmitPorts, demand: WindowDemand, signal: AbortSignal): Promise<SubmitOutcome> {
  const { ledger, clock } = ports;
  const { target, window } = demand;
  if (signal.aborted) throw new InterruptedError('The run was over before this window was begun.');
  const found = await ledger.find({ targetId: target.id, window, filters: target.filters });
  const standing = standingOf(found, clock());
  switch (standing.may) {
    case 'rest':
      return { outcome: 'covered' };
    case 'wait':
      return { outcome: 'left', why: `another run holds it until ${standing.until.round('second')}` };
    case 'announce': {
      const record = transitions.takenOver(standing.record, clock());
      return (await ledger.save(record)) ? announce(ports, record) : OVERTAKEN;
    }
    case 'submit': {
      const record = transitions.claimed(found, demand, clock());
      return (await ledger.save(record)) ? submit(ports, target, record, signal) : OVERTAKEN;
    }
  }
}

// The record has moved on under another run, which finishes the window; nothing more may be written here.
const OVERTAKEN: SubmitOutcome = { outcome: 'left', why: 'another run took it over' };

async function submit(
  ports: SubmitPorts,
  target: Target,
  record: WindowRecord,
  signal: AbortSignal,
): Promise<SubmitOutcome> {
  const { api, ledger, clock, observe } = ports;
  const { window, filters } = record;
  const span = askedSpan(window, target.window.overlap, clock());
  const ordered = await settle(api.submit(target, { span, filters }, withinLease(signal)));
  if ('error' in ordered)
    return failWith(ports, ordered.error, transitions.failed(record, ordered.error, clock()));
  const { taskId, callMilliseconds } = ordered.value;
  observe({ type: 'window_accepted', targetId: target.id, window, taskId, callMilliseconds });
  const kept = transitions.submitted(record, taskSubmittedMessage(target, record, ordered.value), clock());
  return (await ledger.save(kept)) ? announce(ports, kept) : OVERTAKEN;
}

async function announce(ports: SubmitPorts, record: transitions.SubmittedRecord): Promise<SubmitOutcome> {
  const { queue, ledger, clock, observe } = ports;
  const { targetId, window, message } = record;
  const sent = await settle(queue.announce(message));
  if ('error' in sent)
    return failWith(ports, sent.error, transitions.unannounced(record, sent.error, clock()));
  observe({ type: 'window_announced', targetId, window, message });
  // If another run took over meanwhile, it sends the same message with the same id, and notes it.
  await ledger.save(transitions.announced(record, clock()));
  return { outcome: 'announced' };
}

async function failWith(
  { ledger }: SubmitPorts,
  error: ExportError,
  record: WindowRecord,
): Promise<SubmitOutcome> {
  const noted = await settle(ledger.save(record));
  if ('value' in noted) return { outcome: 'failed', error };
  const message = `${error.message} And the ledger could not be told: ${noted.error.message}`;
  const { vendor } = error;
  const details = vendor ? { cause: error, vendor } : { cause: error };
  return { outcome: 'failed', error: new InfrastructureError(message, details) };
}

type Settled<Value> = { value: Value } | { error: ExportError };

async function settle<Value>(work: Promise<Value>): Promise<Settled<Value>> {
  try {
    return { value: await work };
  } catch (error) {
    return { error: asExportError(error) };
  }
}

// Past the lease another run may hold the window, so the call ends a little before it.
function withinLease(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout((transitions.LEASE.seconds - 30) * 1000)]);
}
