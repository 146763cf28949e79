import { InterruptedError } from '../../../domain/errors.ts';
import type { WindowEntry } from '../../../domain/window-record.ts';
import type { RunPorts } from '../../run-ports.ts';
import { findOrTell } from '../../window/find-or-tell.ts';
import { asUnreadable, nextActionOf } from '../../window/next-action.ts';
import * as transitions from '../../window/transitions.ts';

/**
 * Frees what a run that died had claimed: whether Huawei has a task for it, nobody will ever know. Resolves to the exports
 * as they then are; one whose record cannot be read is told, and stays.
 */
export async function finishDead(ports: RunPorts, exports: readonly WindowEntry[]): Promise<WindowEntry[]> {
  const finished: WindowEntry[] = [];
  for (const entry of exports) finished.push(isDead(ports, entry) ? await finish(ports, entry) : entry);
  return finished;
}

function isDead({ clock }: RunPorts, entry: WindowEntry): boolean {
  return entry.state === 'claimed' && nextActionOf(entry, clock(), 1).may === 'submit';
}

async function finish(ports: RunPorts, entry: WindowEntry): Promise<WindowEntry> {
  const { ledger, clock } = ports;
  const record = await findOrTell(ports, entry);
  if (record?.state === 'unreadable') return asUnreadable(entry, record);
  if (record?.state !== 'claimed') return entry;
  const error = new InterruptedError('The run that ordered this export died before Huawei had answered.');
  await ledger.save(transitions.failed(record, error, clock()));
  return entry;
}
