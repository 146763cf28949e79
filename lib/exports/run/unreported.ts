import { NEVER_CONFIRMED, NeverConfirmedError, TaskFailedError } from '../../domain/exports/task-errors.ts';
import type { Target } from '../../domain/input/target.ts';
import { contentOf, type TargetRow } from '../../domain/ledger/target-row.ts';
import type { WindowEntry } from '../../domain/ledger/window-row.ts';
import { earliest, type Instant, isBefore } from '../../domain/time/instant.ts';
import { intersection, type Span, spanName, union } from '../../domain/time/spans.ts';
import type { RunPorts } from '../../run-ports.ts';
import type { Assessment } from '../coverage/gaps.ts';
import { bindProject, type RowPorts, rewrite } from '../coverage/target-row-store.ts';
import { nextActionOf } from '../window/next-action.ts';
import type { WindowResult } from '../window/outcome.ts';
import { reportFailed } from '../window/report-outcome.ts';

/** Windows that may have ended badly without a report. */
export type Unreported = {
  /** From here on, as the target's row said when this run began: an earlier run may have died before its report. */
  from: Instant | undefined;
  /** What this run noted. Another run may have recorded these windows first, and may have died. */
  noted: readonly Span[];
  /** From here on, as other runs noted during this run. Their notes may be about windows that this run has not seen. */
  others: Instant | undefined;
};

/**
 * Keeps the target's row as this run has written it last: with the project of its exports (`bind`), and with notes of
 * windows that may be unreported (`note`). Before a run records that windows ended badly, `note` writes from where on these
 * windows are. The note is removed when a run has reported them. A run that dies before leaves the note, and the next run
 * reports them.
 */
export function keepTargetRow(ports: RowPorts, target: Target, initial: TargetRow) {
  let row = initial;
  let unreported: Unreported = { from: initial.unreportedFrom, noted: [], others: undefined };

  const note = async (windows: readonly Span[]): Promise<void> => {
    const start = earliest(windows.map((window) => window.start));
    if (!start) return;
    let before: TargetRow | undefined;
    const wanted = (found: TargetRow | undefined) => {
      before = found;
      const unreportedFrom = earliest([found?.unreportedFrom, start]) ?? start;
      return found && { ...contentOf(found), unreportedFrom };
    };
    const known = row.unreportedFrom;
    row = (await rewrite(ports, target, { stored: row, wanted })) ?? row;
    const isKnown = before?.unreportedFrom === undefined || (known && before.unreportedFrom.equals(known));
    unreported = {
      ...unreported,
      noted: union([...unreported.noted, ...windows]),
      others: isKnown ? unreported.others : earliest([unreported.others, before?.unreportedFrom]),
    };
  };

  const bind = async (projectId: string): Promise<void> => {
    row = (await bindProject(ports, target, { stored: row, projectId })) ?? row;
  };

  return { note, bind, unreported: () => unreported, row: () => row };
}

/**
 * From where on a run, having made its reports, leaves windows unreported for the next run. By our own clock alone a lost
 * window may look as if Huawei still had its records, so the note stays for a run that knows the time.
 */
export function stillUnreported(
  { from, noted, others }: Unreported,
  isVerified: boolean,
): Instant | undefined {
  if (!isVerified) return earliest([from, others]);
  const ours = noted[0]?.start;
  // A note of the same time is about the same windows: both runs found them, and this run has reported them.
  return ours && others?.equals(ours) ? undefined : others;
}

type Listed = {
  target: Target;
  entries: readonly WindowEntry[];
  seen: Pick<Assessment, 'lost'>;
  unreported: Pick<Unreported, 'from' | 'noted'>;
  /** Windows that this run has reported already, by `spanName`. */
  reported: ReadonlySet<string>;
};

/** Reports windows that the run which recorded them may not have reported: lost, never confirmed, or exhausted. */
export async function reportUnreported(
  ports: RunPorts,
  { target, entries, seen, unreported: { from, noted }, reported }: Listed,
): Promise<WindowResult[]> {
  const mayBeUnreported = (window: Span) =>
    (from && !isBefore(window.start, from)) || intersection([window], noted).length > 0;
  const isUnreported = ({ window }: WindowEntry) =>
    !reported.has(spanName(window)) && mayBeUnreported(window);
  const lost = seen.lost.filter(isUnreported).map(({ window }): WindowResult => {
    ports.observe({ type: 'window_lost', targetId: target.id, window });
    return { window, result: { outcome: 'lost' } };
  });
  const ended = entries.filter((entry) => isUnreported(entry) && hasEndedBadly(entry, target, ports.clock()));
  return [...lost, ...(await Promise.all(ended.map((entry) => reportEnded(ports, entry)))).flat()];
}

function hasEndedBadly(entry: WindowEntry, { maxAttempts }: Target, now: Instant): boolean {
  if (entry.series !== 'calendar') return false;
  return entry.failureKind === NEVER_CONFIRMED || nextActionOf(entry, now, maxAttempts).may === 'exhausted';
}

async function reportEnded({ ledger, observe }: RunPorts, entry: WindowEntry): Promise<WindowResult[]> {
  const row = await ledger.find(entry);
  const failure = row && 'failure' in row ? row.failure : undefined;
  if (!failure) return [];
  const { targetId, window, taskId = '' } = entry;
  if (failure.kind === NEVER_CONFIRMED) {
    const error = new NeverConfirmedError(failure.message);
    observe({ type: 'window_never_confirmed', targetId, window, taskId, error });
    return [{ window, result: { outcome: 'failed', error } }];
  }
  return [reportFailed(observe, { targetId, window, error: new TaskFailedError(failure.message) })];
}
