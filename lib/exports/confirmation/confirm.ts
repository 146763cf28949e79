import pMap from 'p-map';
import type { ExportTask } from '../../domain/export-task.ts';
import type { Target } from '../../domain/target.ts';
import { entryOf, type WindowEntry } from '../../domain/window-record.ts';
import type { WindowResult } from '../report.ts';
import type { RunPorts } from '../run-ports.ts';
import * as transitions from '../window/transitions.ts';
import type { WindowOutcome } from '../window/window-outcome.ts';
import { findTasks } from './find-tasks.ts';
import { type Verdict, verdictOn } from './verdict.ts';

/** The entries of a target as they now are, and what the report should say of them. */
export type Confirmation = { entries: WindowEntry[]; verdicts: WindowResult[] };

// The list must not use up the time that the exports need.
const LIMIT_MILLISECONDS = 60_000;
const WRITES_AT_ONCE = 8;

/**
 * Asks Huawei's task list what became of the announced tasks, and notes it in the ledger: `confirmed`, or `failed`,
 * which makes it a hole again. A list that cannot be had leaves the windows announced, and says so.
 */
export async function confirmTasks(
  ports: RunPorts,
  target: Target,
  entries: readonly WindowEntry[],
  signal: AbortSignal,
): Promise<Confirmation> {
  const announced = entries.filter(isAnnounced);
  const tasks = await tasksOf(ports, target, announced, signal);
  const judge = (entry: Announced): Noted | Promise<Noted> => {
    const task = tasks.get(entry.taskId);
    const verdict = task && verdictOn(task);
    return verdict ? note(ports, target, entry, verdict) : { entry };
  };
  const noted = await pMap(announced, judge, { concurrency: WRITES_AT_ONCE });
  const changed = new Map(announced.map((entry, index) => [entry as WindowEntry, noted[index]?.entry]));
  return {
    entries: entries.map((entry) => changed.get(entry) ?? entry),
    verdicts: noted.flatMap(({ result }) => result ?? []),
  };
}

type Announced = WindowEntry & { taskId: string };

function isAnnounced(entry: WindowEntry): entry is Announced {
  return entry.state === 'announced' && entry.taskId !== undefined;
}

async function tasksOf(
  { api, observe }: RunPorts,
  target: Target,
  announced: readonly Announced[],
  signal: AbortSignal,
): Promise<Map<string, ExportTask>> {
  if (announced.length === 0 || signal.aborted) return new Map();
  const limit = AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MILLISECONDS)]);
  const { found, error } = await findTasks(api, target, announced, limit);
  const windows = announced.length - found.size;
  if (error) observe({ type: 'tasks_unknown', targetId: target.id, windows, error });
  return found;
}

type Noted = { entry: WindowEntry; result?: WindowResult };

async function note(ports: RunPorts, target: Target, entry: WindowEntry, verdict: Verdict): Promise<Noted> {
  const { ledger, clock } = ports;
  const found = await ledger.find(entry);
  // Another run has noted it, or ordered the next task already.
  if (found?.state !== 'announced' || found.message.data.task_id !== entry.taskId)
    return { entry: found ? entryOf(found) : entry };
  const next =
    verdict === 'fetched'
      ? transitions.confirmed(found, clock())
      : transitions.failed(found, verdict, clock());
  if (!(await ledger.save(next))) return { entry };
  const outcome = tell(ports, target, found, verdict);
  return { entry: entryOf(next), ...(outcome ? { result: { window: found.window, result: outcome } } : {}) };
}

// A task that failed is ordered again, so it is no news for the report until that was the last time.
function tell(
  { observe }: RunPorts,
  { id: targetId, maxAttempts }: Target,
  { window, attempt, message }: transitions.AnnouncedRecord,
  verdict: Verdict,
): WindowOutcome | undefined {
  const about = { targetId, window, taskId: message.data.task_id };
  if (verdict === 'fetched') {
    observe({ type: 'window_confirmed', ...about });
    return { outcome: 'confirmed' };
  }
  observe({ type: 'task_failed', ...about, attempt, error: verdict });
  if (attempt < maxAttempts) return undefined;
  observe({ type: 'window_failed', targetId, window, error: verdict });
  return { outcome: 'failed', error: verdict };
}
