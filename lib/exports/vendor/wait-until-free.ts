import { asExportError } from '../../domain/errors.ts';
import type { Target } from '../../domain/input/target.ts';
import type { ExportApi } from '../../ports.ts';
import type { ServicePorts } from '../../run-ports.ts';

/**
 * Where Huawei does one export at a time: waits until no task of the target's project runs any more. Resolves to false
 * where that cannot be known, or takes longer than ten minutes; the rest is then left to the sweeps.
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

const POLL_MILLISECONDS = 10_000;

// Ten minutes for one export; a run on Lambda ends before it could wait so long twice.
const MOST_POLLS = 60;

// The newest page is enough: a running task is newer than all tasks that have ended. `undefined`: cannot be known.
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
