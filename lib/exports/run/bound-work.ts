import { asExportError } from '../../domain/errors.ts';
import type { Target } from '../../domain/input/target.ts';
import type { TargetRow } from '../../domain/ledger/target-row.ts';
import type { Clock, ExportApi } from '../../ports.ts';
import type { RunPorts, ServicePorts } from '../../run-ports.ts';
import { boundProject } from '../coverage/bound-project.ts';
import { readOrRebuild } from '../coverage/rebuild-target.ts';
import { type RowPorts, rewrite } from '../coverage/rewrite-target.ts';
import type { Limits } from '../window/jobs.ts';
import { knownTasks } from '../window/known-tasks.ts';
import { boundApi, type HostHealth } from './host-health.ts';

/** What work on one target is done with, and what it stops for. */
export type BoundWork<Service> = { ports: Service & RunPorts; limits: Required<Limits> };

type Work = {
  target: Target;
  clock: Clock;
  health: HostHealth;
  /** The target's row, where it has just been read and checked. */
  stored?: TargetRow | undefined;
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
function firstRow(ports: RowPorts, target: Target): Promise<TargetRow | undefined> {
  return rewrite(ports, target, {
    stored: undefined,
    wanted: (found) => (found ? undefined : boundProject(target)),
  });
}

const POLL_MILLISECONDS = 10_000;

// Ten minutes for one export; a run on Lambda ends before that is used up twice.
const MOST_POLLS = 60;

/**
 * Where Huawei does one export at a time: waits until no task of the target's project runs any more. Resolves to false
 * where that cannot be known, or takes too long; then the rest is left to the sweeps.
 */
export async function untilNoTaskRuns(
  { api, wait }: { api: Pick<ExportApi, 'listTasks'> } & Pick<ServicePorts, 'wait'>,
  target: Target,
  signal: AbortSignal,
): Promise<boolean> {
  for (let polls = 0; polls < MOST_POLLS && !signal.aborted; polls += 1) {
    await wait(POLL_MILLISECONDS, signal);
    const isFree = await isNoneRunning(api, target, signal);
    if (isFree !== false) return isFree === true;
  }
  return false;
}

// The newest page is enough: a task that runs is younger than all that have ended. `undefined`: nobody can say.
async function isNoneRunning(
  api: Pick<ExportApi, 'listTasks'>,
  target: Target,
  signal: AbortSignal,
): Promise<boolean | undefined> {
  try {
    const { tasks } = await api.listTasks(target, { isDownloaded: false, offset: 0 }, signal);
    return tasks.every(({ status }) => status !== 'CREATING');
  } catch (thrown) {
    const { kind } = asExportError(thrown);
    if (['unavailable', 'refused', 'interrupted', 'malformed_reply'].includes(kind)) return undefined;
    throw thrown;
  }
}
