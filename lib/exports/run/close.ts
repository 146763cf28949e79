import {
  type ExportError,
  NEVER_CONFIRMED,
  NeverConfirmedError,
  TaskFailedError,
} from '../../domain/errors.ts';
import type { Target } from '../../domain/input/target.ts';
import { contentOf, type TargetRow } from '../../domain/ledger/target-row.ts';
import type { WindowEntry } from '../../domain/ledger/window-row.ts';
import { earliest, type Instant, isBefore } from '../../domain/time/instant.ts';
import { intersection, type Span, spanName, union } from '../../domain/time/spans.ts';
import type { RunPorts } from '../../run-ports.ts';
import type { Assessment } from '../coverage/assess.ts';
import type { Opening } from '../coverage/opening.ts';
import { reportCoverage } from '../coverage/report-coverage.ts';
import { bindProject, type RowPorts, rewrite } from '../coverage/rewrite-target.ts';
import { assessFor, listFrom } from '../coverage/state.ts';
import { advance, type Learnt } from '../coverage/target-row.ts';
import { nextActionOf } from '../window/next-action.ts';
import type { WindowResult } from '../window/report.ts';
import { failedByOutage } from './list-outage.ts';

type Closing = { target: Target; asked: Opening; row: TargetRow };

type Worked = {
  /** Windows that this run told of, by `spanName`. */
  told: ReadonlySet<string>;
  learnt: Learnt;
  untold: Untold;
  /** Why the task list could not be had. */
  outage?: ExportError | undefined;
};

/**
 * Ends the work on a target: tells what another run may have died over before it told, moves the target's coverage on
 * and tells how it stands. A task list that could not be had may fail the run.
 */
export async function closeTarget(
  ports: RunPorts,
  { target, asked, row }: Closing,
  { told, learnt, untold, outage }: Worked,
): Promise<WindowResult[]> {
  const entries = await listFrom(ports.ledger, target, { content: row, asked });
  const seen = assessFor(target, { content: row, entries }, { ...asked, now: ports.clock() });
  const { isVerified } = asked;
  const late = isVerified ? untold : { ...untold, from: undefined };
  const results = await tellUntold(ports, { target, entries, seen, untold: late, told });
  const unreportedFrom = stillUntold(untold, isVerified);
  const advanced = await advance(ports, row, seen, { ...learnt, unreportedFrom, isUnverified: !isVerified });
  const unanswered = await reportCoverage(ports, target, { row: advanced, seen });
  const { listDownSince: since } = learnt;
  return [...results, ...failedByOutage(ports, target, { seen, unanswered, outage, since })];
}

/** What may have ended badly without anybody having been told. */
export type Untold = {
  /** From here on, by the target's row as this run opened it: an earlier run may have died before it told. */
  from: Instant | undefined;
  /** What this run noted. Another run may have written it first, and may have died. */
  noted: readonly Span[];
  /** From here on, by what other runs noted while this one was at work. It may be about windows that this run has not seen. */
  others: Instant | undefined;
};

/**
 * A run's notes in the target's row. Before it is written of windows that they ended badly, `note` writes from where on
 * that is. The note goes when a run has told of them; a run that dies before leaves it to the next one, which tells.
 */
export function untoldNotes(ports: RowPorts, target: Target, opened: TargetRow) {
  let row = opened;
  let untold: Untold = { from: opened.unreportedFrom, noted: [], others: undefined };

  const note = async (windows: readonly Span[]): Promise<void> => {
    const start = earliest(windows.map((window) => window.start));
    if (!start) return;
    let before: TargetRow | undefined;
    const wanted = (found: TargetRow | undefined) => {
      before = found;
      return (
        found && { ...contentOf(found), unreportedFrom: earliest([found.unreportedFrom, start]) ?? start }
      );
    };
    const known = row.unreportedFrom;
    row = (await rewrite(ports, target, { stored: row, wanted })) ?? row;
    const isKnown = before?.unreportedFrom === undefined || (known && before.unreportedFrom.equals(known));
    untold = {
      ...untold,
      noted: union([...untold.noted, ...windows]),
      others: isKnown ? untold.others : earliest([untold.others, before?.unreportedFrom]),
    };
  };

  const bind = async (projectId: string): Promise<void> => {
    row = (await bindProject(ports, target, { stored: row, projectId })) ?? row;
  };

  return { note, bind, untold: () => untold, row: () => row };
}

/**
 * From where on a run that has told what it can leaves something untold to the next one. By a clock of ours alone a loss
 * may look as if Huawei still had it, so the note stays for a run that knows the time.
 */
export function stillUntold({ from, noted, others }: Untold, isVerified: boolean): Instant | undefined {
  if (!isVerified) return earliest([from, others]);
  const own = noted[0]?.start;
  // A note of the same time is of the same windows: both runs found them, and this one has told.
  return own && others?.equals(own) ? undefined : others;
}

type Listed = {
  target: Target;
  entries: readonly WindowEntry[];
  seen: Pick<Assessment, 'lost'>;
  untold: Pick<Untold, 'from' | 'noted'>;
  /** Windows that this run told of, by `spanName`. */
  told: ReadonlySet<string>;
};

/** Tells of windows that the run which wrote so may not have told of: lost, never confirmed, or exhausted. */
export async function tellUntold(
  ports: RunPorts,
  { target, entries, seen, untold: { from, noted }, told }: Listed,
): Promise<WindowResult[]> {
  const isUntold = (window: Span) =>
    (from && !isBefore(window.start, from)) || intersection([window], noted).length > 0;
  const isNews = ({ window }: WindowEntry) => !told.has(spanName(window)) && isUntold(window);
  const lost = seen.lost.filter(isNews).map(({ window }): WindowResult => {
    ports.observe({ type: 'window_lost', targetId: target.id, window });
    return { window, result: { outcome: 'lost' } };
  });
  const ended = entries.filter((entry) => isNews(entry) && isExhausted(entry, target, ports.clock()));
  return [...lost, ...(await Promise.all(ended.map((entry) => tellEnded(ports, entry)))).flat()];
}

function isExhausted(entry: WindowEntry, { maxAttempts }: Target, now: Instant): boolean {
  if (entry.series !== 'calendar') return false;
  return entry.failureKind === NEVER_CONFIRMED || nextActionOf(entry, now, maxAttempts).may === 'exhausted';
}

async function tellEnded({ ledger, observe }: RunPorts, entry: WindowEntry): Promise<WindowResult[]> {
  const row = await ledger.find(entry);
  const failure = row && 'failure' in row ? row.failure : undefined;
  if (!failure) return [];
  const { targetId, window, taskId = '' } = entry;
  if (failure.kind === NEVER_CONFIRMED) {
    const error = new NeverConfirmedError(failure.message);
    observe({ type: 'window_never_confirmed', targetId, window, taskId, error });
    return [{ window, result: { outcome: 'failed', error } }];
  }
  const error = new TaskFailedError(failure.message);
  observe({ type: 'window_failed', targetId, window, error });
  return [{ window, result: { outcome: 'failed', error } }];
}
