import type { Target } from '../../domain/target.ts';
import type { RunPorts } from '../run-ports.ts';
import * as transitions from '../window/transitions.ts';
import { windowDemand } from './alert-demand.ts';
import type { Loss } from './tidy.ts';

/** Writes to the ledger, for good, what alerts asked for and Huawei no longer has; tells what was not told before. */
export async function recordLosses(ports: RunPorts, target: Target, losses: readonly Loss[]): Promise<void> {
  const { ledger, clock, observe } = ports;
  for (const { window, order } of losses) {
    const record = transitions.lost(undefined, { ...windowDemand(target, order), window }, clock());
    if (await ledger.save(record)) observe({ type: 'window_lost', targetId: target.id, window });
  }
}
