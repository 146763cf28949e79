import pMap from 'p-map';
import { type ExportError, NeverConfirmedError } from '../../domain/errors.ts';
import type { ExportTask } from '../../domain/export-task.ts';
import { type Instant, isAfter } from '../../domain/instant.ts';
import type { Span } from '../../domain/span.ts';
import type { Target } from '../../domain/target.ts';
import type { WindowEntry } from '../../domain/window-record.ts';
import type { WindowResult } from '../report.ts';
import type { RunPorts } from '../run-ports.ts';
import { findTasks } from './find-tasks.ts';
import { type Announced, endsBadly, isAnnounced, type Judged, noteVerdict } from './note-verdict.ts';
import { refuseShared } from './shared-tasks.ts';
import { verdictOn } from './verdict.ts';

/** The entries of a target as they now are, and what the report should say of them. */
export type Confirmation = {
  entries: WindowEntry[];
  verdicts: WindowResult[];
  /** The task list answered, be it with a refusal; or nothing was to be asked. */
  isAnswered: boolean;
  /** Why the task list could not be had, if it may answer a later run. */
  outage?: ExportError;
};

type Demand = {
  target: Target;
  entries: readonly WindowEntry[];
  /** Windows that end by then and have no answer are told as never confirmed. Absent: none are. */
  cutoff?: Instant | undefined;
  /** Is awaited before it is written of these windows that they ended for good, and badly. */
  beforeFinal?: (windows: readonly Span[]) => Promise<void>;
};

// The list must not use up the time that the exports need.
const LIMIT_MILLISECONDS = 60_000;
const WRITES_AT_ONCE = 8;

/**
 * Asks Huawei's task list what became of the announced tasks, and notes it in the ledger: `confirmed`, or `failed`,
 * which makes it a hole again. A list that cannot be had leaves the windows announced, and says so; what it does not
 * know although it answers, or may not be asked, is never confirmed once the 30 days are over.
 */
export async function confirmTasks(
  ports: RunPorts,
  { target, entries, cutoff, beforeFinal }: Demand,
  signal: AbortSignal,
): Promise<Confirmation> {
  const announced = entries.filter(isAnnounced);
  const { found, error } = await tasksOf(ports, target, announced, signal);
  const isOver = ({ window }: Announced) =>
    cutoff !== undefined && !isAfter(window.end, cutoff) && isFinal(error) && !signal.aborted;
  const judged = announced.flatMap((entry): Judged[] => {
    const task = found.get(entry.taskId);
    const ended = task && verdictOn(task);
    const verdict = ended ?? (isOver(entry) ? neverConfirmed(entry) : undefined);
    return verdict ? [{ entry, verdict, task, isTimeKnown: cutoff !== undefined }] : [];
  });
  const checked = await refuseShared(ports, target, judged);
  await beforeFinal?.(checked.filter((one) => endsBadly(one, target)).map(({ entry }) => entry.window));
  const noted = await pMap(checked, (one) => noteVerdict(ports, target, one), {
    concurrency: WRITES_AT_ONCE,
  });
  const changed = new Map(checked.map(({ entry }, index) => [entry as WindowEntry, noted[index]?.entry]));
  return {
    entries: entries.map((entry) => changed.get(entry) ?? entry),
    verdicts: noted.flatMap(({ result }) => result ?? []),
    isAnswered: isFinal(error) && !signal.aborted,
    ...(error && !isFinal(error) && !signal.aborted ? { outage: error } : {}),
  };
}

// A list that is down will answer a later run; one that may not be asked will not.
function isFinal(error: ExportError | undefined): boolean {
  return error === undefined || error.kind === 'refused';
}

function neverConfirmed({ taskId }: Announced): NeverConfirmedError {
  return new NeverConfirmedError(
    `Huawei's task list never said how task ${taskId} ended, and Huawei no longer keeps the records: whether its file was ` +
      'complete, nobody can say. Check that whoever reads the queue has fetched it.',
  );
}

async function tasksOf(
  { api, observe }: RunPorts,
  target: Target,
  announced: readonly Announced[],
  signal: AbortSignal,
): Promise<{ found: Map<string, ExportTask>; error?: ExportError }> {
  if (announced.length === 0 || signal.aborted) return { found: new Map() };
  const limit = AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MILLISECONDS)]);
  const { found, error } = await findTasks(api, target, announced, limit);
  const windows = announced.length - found.size;
  if (error) observe({ type: 'tasks_unknown', targetId: target.id, windows, error });
  return error ? { found, error } : { found };
}
