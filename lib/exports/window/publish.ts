import { asExportError } from '../../domain/errors.ts';
import { entryOf, type WindowKey } from '../../domain/window-record.ts';
import type { RunPorts } from '../run-ports.ts';
import { nextActionOf } from './next-action.ts';
import * as transitions from './transitions.ts';
import { LOST_LEASE, recordFailure, toOutcome, type WindowOutcome } from './window-outcome.ts';

/** Sends the message of a task that a run ordered and, because it died, did not publish. Never throws. */
export function publishKept(ports: RunPorts, key: WindowKey): Promise<WindowOutcome> {
  const { ledger, clock } = ports;
  return toOutcome(async () => {
    const record = await ledger.find(key);
    if (record?.state !== 'submitted') return LOST_LEASE;
    const next = nextActionOf(entryOf(record), clock(), 1);
    return next.may === 'publish' ? takeOverLease(ports, record) : LOST_LEASE;
  });
}

/** Takes a window over from the run that died with it, and publishes it. */
export async function takeOverLease(
  ports: RunPorts,
  record: transitions.SubmittedRecord,
): Promise<WindowOutcome> {
  const ours = transitions.takenOver(record, ports.clock());
  return (await ports.ledger.save(ours)) ? publish(ports, ours) : LOST_LEASE;
}

/** Puts the message of a window that is ours on the queue. */
export async function publish(ports: RunPorts, record: transitions.SubmittedRecord): Promise<WindowOutcome> {
  const { queue, ledger, clock, observe } = ports;
  const { targetId, window, message } = record;
  try {
    await queue.publish(message);
  } catch (thrown) {
    const error = asExportError(thrown);
    return recordFailure(ports, error, transitions.unpublished(record, error, clock()));
  }
  observe({ type: 'window_published', targetId, window, message });
  // If another run took over meanwhile, it sends the same message with the same id, and notes it.
  await ledger.save(transitions.published(record, clock()));
  return { outcome: 'published' };
}
