import pMap from 'p-map';
import {
  type ExportError,
  NEVER_CONFIRMED,
  NeverConfirmedError,
  TASK_FAILED,
  TOO_EARLY,
} from '../../domain/errors.ts';
import type { ExportTask } from '../../domain/export-task.ts';
import { type Instant, isAfter } from '../../domain/instant.ts';
import type { Span } from '../../domain/span.ts';
import type { Target } from '../../domain/target.ts';
import { entryOf, type WindowEntry } from '../../domain/window-record.ts';
import type { WindowResult } from '../report.ts';
import type { RunPorts } from '../run-ports.ts';
import { asUnreadable } from '../window/standing.ts';
import * as transitions from '../window/transitions.ts';
import type { WindowOutcome } from '../window/window-outcome.ts';
import { findTasks } from './find-tasks.ts';
import { checkedCreation, type Verdict, verdictOn } from './verdict.ts';

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
  await beforeFinal?.(judged.filter((one) => endsBadly(one, target)).map(({ entry }) => entry.window));
  const noted = await pMap(judged, (one) => note(ports, target, one), { concurrency: WRITES_AT_ONCE });
  const changed = new Map(judged.map(({ entry }, index) => [entry as WindowEntry, noted[index]?.entry]));
  return {
    entries: entries.map((entry) => changed.get(entry) ?? entry),
    verdicts: noted.flatMap(({ result }) => result ?? []),
    isAnswered: isFinal(error) && !signal.aborted,
    ...(error && !isFinal(error) && !signal.aborted ? { outage: error } : {}),
  };
}

type Announced = WindowEntry & { taskId: string };

/** Announced, and neither confirmed nor told as never confirmed. */
export function isAnnounced(entry: WindowEntry): entry is Announced {
  return entry.state === 'announced' && entry.taskId !== undefined && entry.failureKind !== NEVER_CONFIRMED;
}

function endsBadly({ entry, verdict }: Judged, { maxAttempts }: Target): boolean {
  if (verdict === 'fetched') return false;
  return verdict.kind === NEVER_CONFIRMED || (verdict.kind === TASK_FAILED && entry.attempt >= maxAttempts);
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

type Noted = { entry: WindowEntry; result?: WindowResult };
type Judged = {
  entry: Announced;
  verdict: Verdict | NeverConfirmedError;
  task: ExportTask | undefined;
  isTimeKnown: boolean;
};

async function note(ports: RunPorts, target: Target, judged: Judged): Promise<Noted> {
  const { record, entry } = await stillAnnounced(ports, target, judged.entry);
  const verdict = record && checkedVerdict(record, judged);
  const next = verdict && nextOf(record, verdict, ports.clock());
  if (!next || !(await ports.ledger.save(next))) return { entry };
  const outcome = tell(ports, target, record, verdict);
  return { entry: entryOf(next), ...(outcome ? { result: { window: record.window, result: outcome } } : {}) };
}

/** The record that a verdict is about; none where another run has noted one, or ordered the next task already. */
async function stillAnnounced(
  { ledger, observe }: RunPorts,
  { id: targetId }: Target,
  entry: Announced,
): Promise<{ entry: WindowEntry; record?: transitions.AnnouncedRecord }> {
  const found = await ledger.find(entry);
  if (found?.state === 'unreadable') {
    const unreadable = asUnreadable(entry, found);
    observe({ type: 'row_unreadable', targetId, problem: unreadable.problem });
    return { entry: unreadable };
  }
  if (found?.state !== 'announced' || found.message.data.task_id !== entry.taskId)
    return { entry: found ? entryOf(found) : entry };
  return { entry, record: found };
}

function checkedVerdict(found: transitions.AnnouncedRecord, { verdict, task, isTimeKnown }: Judged) {
  return verdict === 'fetched' ? checkedCreation(found, task, isTimeKnown) : verdict;
}

function nextOf(found: transitions.AnnouncedRecord, verdict: Judged['verdict'], now: Instant) {
  if (verdict === 'fetched') return transitions.confirmed(found, now);
  return verdict instanceof NeverConfirmedError
    ? transitions.neverConfirmed(found, verdict, now)
    : transitions.failed(found, verdict, now);
}

// A task that failed is ordered again, so it is no news for the report until that was the last time.
function tell(
  { observe }: RunPorts,
  { id: targetId, maxAttempts }: Target,
  { window, attempt, message }: transitions.AnnouncedRecord,
  verdict: Judged['verdict'],
): WindowOutcome | undefined {
  const about = { targetId, window, taskId: message.data.task_id };
  if (verdict === 'fetched') {
    observe({ type: 'window_confirmed', ...about });
    return { outcome: 'confirmed' };
  }
  if (verdict instanceof NeverConfirmedError) {
    observe({ type: 'window_never_confirmed', ...about, error: verdict });
    return { outcome: 'failed', error: verdict };
  }
  observe({ type: 'task_failed', ...about, attempt, error: verdict });
  if (verdict.kind === TOO_EARLY || attempt < maxAttempts) return undefined;
  observe({ type: 'window_failed', targetId, window, error: verdict });
  return { outcome: 'failed', error: verdict };
}
