import type { Target } from '../../domain/target.ts';
import type { TargetRecord } from '../../domain/target-record.ts';
import type { Clock } from '../../ports.ts';
import type { RunPorts, ServicePorts } from '../run-ports.ts';
import { knownTasks } from '../window/known-tasks.ts';
import { boundProject } from './bound-project.ts';
import { boundApi, type HostHealth } from './host-health.ts';
import { untilNoTaskRuns } from './one-at-a-time.ts';
import { readOrRebuild } from './rebuild-target.ts';
import { type RowPorts, rewrite } from './rewrite-target.ts';
import type { Limits } from './run-jobs.ts';

/** What work on one target is done with, and what it stops for. */
export type BoundWork<Service> = { ports: Service & RunPorts; limits: Required<Limits> };

type Work = {
  target: Target;
  clock: Clock;
  health: HostHealth;
  /** The target's row, where it has just been read and checked. */
  stored?: TargetRecord | undefined;
};

/**
 * For work that orders exports of a target and does not open its row as a run does: backfills and alerts. Throws where the
 * row is of another project, or is gone although the target has windows: what such work would write in its place would
 * pass for a new target's, and what the windows lack would be missed.
 */
export async function boundWork<Service extends ServicePorts>(
  service: Service,
  { target, clock, health, stored: read }: Work,
  signal: AbortSignal,
): Promise<BoundWork<Service>> {
  const row = { ...service, clock };
  const stored = read ?? (await readOrRebuild(row, target)) ?? (await firstRow(row, target));
  const { api, hold } = boundApi({ ...service, clock }, target, { stored, health });
  const known = knownTasks({ ledger: service.ledger, clock });
  const untilFree = () => untilNoTaskRuns({ api, wait: service.wait }, target, signal);
  return { ports: { ...service, api: known.refuse(api), clock }, limits: { signal, hold, untilFree } };
}

// Written before any window, so that windows without it are known to have lost it.
function firstRow(ports: RowPorts, target: Target): Promise<TargetRecord | undefined> {
  return rewrite(ports, target, {
    stored: undefined,
    wanted: (found) => (found ? undefined : boundProject(target)),
  });
}
