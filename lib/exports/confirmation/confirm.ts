import pMap from 'p-map';
import { type ExportError, NeverConfirmedError } from '../../domain/errors.ts';
import { type Instant, isAfter } from '../../domain/instant.ts';
import type { Span } from '../../domain/span.ts';
import type { Target } from '../../domain/target.ts';
import type { WindowEntry } from '../../domain/window-record.ts';
import type { WindowResult } from '../report.ts';
import type { RunPorts } from '../run-ports.ts';
import { type FoundTasks, findTasks } from './find-tasks.ts';
import { endsBadly, isPublished, type Judged, noteVerdict, type Published } from './note-verdict.ts';
import { refuseShared } from './shared-tasks.ts';
import { tellOverdue } from './tell-overdue.ts';
import { verdictOn } from './verdict.ts';
import { tellUnclear, whyOpen } from './why-open.ts';

/** The entries of a target as they now are, and what the report should say of them. */
export type Confirmation = {
  entries: WindowEntry[];
  verdicts: WindowResult[];
  /** The task list answered, be it with a refusal; or nothing was to be asked. */
  isAnswered: boolean;
  /** Why the task list could not be had, if it may answer a later run. */
  outage?: ExportError;
};

type Input = {
  target: Target;
  entries: readonly WindowEntry[];
  /** Windows that end by then and have no answer are told as never confirmed. Absent: none are. */
  cutoff?: Instant | undefined;
  /** Is awaited before it is written of these windows that they ended for good, and badly. */
  beforeFinal?: (windows: readonly Span[]) => Promise<void>;
};

const WRITES_AT_ONCE = 8;

/**
 * Asks Huawei's task list what became of the published tasks, and notes it in the ledger: `confirmed`, or `failed`,
 * which makes it a gap again. A list that cannot be had leaves the windows published, and says so. Of what it does not
 * know although it answers people are told after a day; that, and what it may not be asked, is never confirmed once the 30
 * days are over.
 */
export async function confirmTasks(
  ports: RunPorts,
  { target, entries, cutoff, beforeFinal }: Input,
  signal: AbortSignal,
): Promise<Confirmation> {
  const published = entries.filter(isPublished);
  const search = await tasksOf(ports, target, published, signal);
  const outage = search.error && !isFinal(search.error) ? search.error : undefined;
  const isOver = ({ window }: Published) =>
    cutoff !== undefined && !isAfter(window.end, cutoff) && !outage && !signal.aborted;
  const judged = published.flatMap((entry): Judged[] => {
    const task = search.found.get(entry.taskId);
    const ended = task && verdictOn(task);
    const verdict = ended ?? (isOver(entry) ? neverConfirmed(whyOpen(entry, search)) : undefined);
    return verdict ? [{ entry, verdict, task, isTimeKnown: cutoff !== undefined }] : [];
  });
  const checked = await refuseShared(ports, target, judged);
  await beforeFinal?.(checked.filter((one) => endsBadly(one, target)).map(({ entry }) => entry.window));
  const isJudged = new Set<WindowEntry>(checked.map(({ entry }) => entry));
  const open = published
    .filter((entry) => !isJudged.has(entry))
    .map((entry) => ({ entry, why: whyOpen(entry, search) }));
  // By a clock of ours alone nothing is late, and a list that did not answer says nothing of a task.
  const isTelling = cutoff !== undefined && !search.error && !signal.aborted;
  const noted = [
    ...(await pMap(checked, (one) => noteVerdict(ports, target, one), { concurrency: WRITES_AT_ONCE })),
    ...(isTelling ? await tellOverdue(ports, target, open) : []),
  ];
  const changed = new Map<WindowEntry, WindowEntry>(noted.map(({ before, entry }) => [before, entry]));
  return {
    entries: entries.map((entry) => changed.get(entry) ?? entry),
    verdicts: noted.flatMap(({ result }) => result ?? []),
    isAnswered: !outage && !signal.aborted,
    ...(outage && !signal.aborted ? { outage } : {}),
  };
}

// A list that is down will answer a later run; one that may not be asked will not.
function isFinal({ kind }: ExportError): boolean {
  return kind === 'refused';
}

function neverConfirmed(why: string): NeverConfirmedError {
  return new NeverConfirmedError(
    `${why}, and Huawei no longer keeps the records: whether its file was complete, nobody can say. Check that whoever ` +
      'reads the queue has fetched it.',
  );
}

async function tasksOf(
  { api, observe }: RunPorts,
  target: Target,
  published: readonly Published[],
  signal: AbortSignal,
): Promise<FoundTasks> {
  if (published.length === 0 || signal.aborted) return { found: new Map(), unreadable: 0 };
  const search = await findTasks(api, target, published, signal);
  tellUnclear(observe, { target, published, search });
  return search;
}
