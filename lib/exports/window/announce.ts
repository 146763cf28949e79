import { asExportError } from '../../domain/errors.ts';
import { entryOf, type WindowKey } from '../../domain/window-record.ts';
import type { RunPorts } from '../run-ports.ts';
import { standingOf } from './standing.ts';
import * as transitions from './transitions.ts';
import { failWith, OVERTAKEN, settled, type WindowOutcome } from './window-outcome.ts';

/** Sends the message of a task that a run ordered and, because it died, did not announce. Never throws. */
export function announceKept(ports: RunPorts, key: WindowKey): Promise<WindowOutcome> {
  const { ledger, clock } = ports;
  return settled(async () => {
    const record = await ledger.find(key);
    if (record?.state !== 'submitted') return OVERTAKEN;
    const standing = standingOf(entryOf(record), clock(), 1);
    return standing.may === 'announce' ? takeOver(ports, record) : OVERTAKEN;
  });
}

/** Takes a window over from the run that died with it, and announces it. */
export async function takeOver(ports: RunPorts, record: transitions.SubmittedRecord): Promise<WindowOutcome> {
  const ours = transitions.takenOver(record, ports.clock());
  return (await ports.ledger.save(ours)) ? announce(ports, ours) : OVERTAKEN;
}

/** Puts the message of a window that is ours on the queue. */
export async function announce(ports: RunPorts, record: transitions.SubmittedRecord): Promise<WindowOutcome> {
  const { queue, ledger, clock, observe } = ports;
  const { targetId, window, message } = record;
  try {
    await queue.announce(message);
  } catch (thrown) {
    const error = asExportError(thrown);
    return failWith(ports, error, transitions.unannounced(record, error, clock()));
  }
  observe({ type: 'window_announced', targetId, window, message });
  // If another run took over meanwhile, it sends the same message with the same id, and notes it.
  await ledger.save(transitions.announced(record, clock()));
  return { outcome: 'announced' };
}
