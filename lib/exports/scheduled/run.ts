import pMap from 'p-map';
import type { Target } from '../../domain/target.ts';
import type { RunReport } from '../report.ts';
import type { ServicePorts } from '../run-ports.ts';
import { createHostHealth } from './host-health.ts';
import { processTarget } from './process-target.ts';
import type { RunShare } from './run-share.ts';

/** A scheduled run: what is due follows from `scheduledTime` and the targets, never from our own clock. */
export type RunInput = { targets: readonly Target[] } & Omit<RunShare, 'target'>;

// Enough to keep the network busy, few enough that one project's throttling limit is not met by our own doing.
const TARGETS_AT_ONCE = 8;

/**
 * Does a scheduled run, or a sweep, for several targets at once. One target's failure does not stop another; failures
 * are in the report. Never throws.
 */
export async function runScheduledExport(
  ports: ServicePorts,
  { targets, ...input }: RunInput,
  signal: AbortSignal,
): Promise<RunReport> {
  const context = { clocks: ports.openClocks(), health: createHostHealth() };
  const work = (target: Target) => processTarget(ports, { ...input, target }, context, signal);
  return { targets: await pMap(targets, work, { concurrency: TARGETS_AT_ONCE }) };
}
