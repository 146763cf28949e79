import type { Target } from '../../domain/input/target.ts';
import type { TargetRow } from '../../domain/ledger/target-row.ts';
import type { Clock, ExportApi } from '../../ports.ts';
import type { RunPorts, ServicePorts } from '../../run-ports.ts';
import { boundProject } from '../coverage/bound-project.ts';
import { readOrRebuild } from '../coverage/rebuild-target.ts';
import { bindProject, type RowPorts, rewrite } from '../coverage/target-row-store.ts';
import type { Limits } from '../window/jobs.ts';
import { knownTasks } from '../window/known-tasks.ts';
import type { HostHealth } from './host-health.ts';
import { type TargetApi, targetApi } from './target-api.ts';
import { untilNoTaskRuns } from './wait-until-free.ts';

/** The ports for one target, and what makes the work on it stop. */
export type TargetPorts<Service> = { ports: Service & RunPorts; limits: Required<Limits> };

type Work = {
  target: Target;
  clock: Clock;
  health: HostHealth;
  /** The target's row, where it has just been read and checked. */
  stored?: TargetRow | undefined;
};

/**
 * The ports for backfills and alerts, which order exports and do not init the target's coverage. Throws where the row is
 * of another project, or is missing although the target has windows: a new row would look like that of a new target, and
 * what the windows do not cover would be missed.
 */
export async function portsOfTarget<Service extends ServicePorts>(
  service: Service,
  { target, clock, health, stored: read }: Work,
  signal: AbortSignal,
): Promise<TargetPorts<Service>> {
  const rowPorts = { ...service, clock };
  const stored = read ?? (await readOrRebuild(rowPorts, target)) ?? (await firstRow(rowPorts, target));
  const { api, hold } = apiOf({ ...service, clock }, target, { stored, health });
  const known = knownTasks({ ledger: service.ledger, clock });
  const untilFree = () => untilNoTaskRuns({ api, wait: service.wait }, target, signal);
  return { ports: { ...service, api: known.refuse(api), clock }, limits: { signal, hold, untilFree } };
}

// Written before any window: windows without a target's row then show that the row was lost.
function firstRow(ports: RowPorts, target: Target): Promise<TargetRow | undefined> {
  return rewrite(ports, target, {
    stored: undefined,
    wanted: (found) => (found ? undefined : boundProject(target)),
  });
}

type Binding = { stored: TargetRow | undefined; health: HostHealth };

/** `targetApi` for work that does not otherwise write the target's row; `stored` is the row as it was read. */
function apiOf(ports: RowPorts & { api: ExportApi }, target: Target, { stored, health }: Binding): TargetApi {
  const bind = async (projectId: string) => {
    await bindProject(ports, target, { stored, projectId });
  };
  return targetApi(ports.api, { target, projectId: stored?.projectId, bind, health });
}
