import { NEVER_CONFIRMED, NeverConfirmedError, TaskFailedError } from '../../domain/errors.ts';
import { earlier, earliest, type Instant, isBefore } from '../../domain/instant.ts';
import { type Span, spanName } from '../../domain/span.ts';
import type { Target } from '../../domain/target.ts';
import { contentOf, type TargetRecord } from '../../domain/target-record.ts';
import type { WindowEntry } from '../../domain/window-record.ts';
import type { WindowResult } from '../report.ts';
import type { RunPorts } from '../run-ports.ts';
import { standingOf } from '../window/standing.ts';
import { type RowPorts, rewrite } from './rewrite-target.ts';
import type { Survey } from './survey.ts';

/**
 * Notes in the target's row, before it is written of windows that they ended badly, from where on that is. The note goes
 * when a run has told of them; a run that dies before leaves it to the next one, which tells.
 */
export async function noteUntold(
  ports: RowPorts,
  target: Target,
  record: TargetRecord,
  windows: readonly Span[],
): Promise<TargetRecord> {
  const start = earliest(windows.map(({ start }) => start));
  if (!start) return record;
  const wanted = (found: TargetRecord | undefined) =>
    found && { ...contentOf(found), untoldFrom: found.untoldFrom ? earlier(found.untoldFrom, start) : start };
  return (await rewrite(ports, target, { stored: record, wanted })) ?? record;
}

type Listed = {
  target: Target;
  entries: readonly WindowEntry[];
  seen: Pick<Survey, 'lost'>;
  untoldFrom: Instant | undefined;
  /** Windows that this run told of, by `spanName`. */
  told: ReadonlySet<string>;
};

/** Tells of windows that an earlier run may not have told of: lost, never confirmed, or given up. */
export async function tellUntold(
  ports: RunPorts,
  { target, entries, seen, untoldFrom, told }: Listed,
): Promise<WindowResult[]> {
  if (!untoldFrom) return [];
  const isNews = ({ window }: WindowEntry) =>
    !isBefore(window.start, untoldFrom) && !told.has(spanName(window));
  const lost = seen.lost.filter(isNews).map(({ window }): WindowResult => {
    ports.observe({ type: 'window_lost', targetId: target.id, window });
    return { window, result: { outcome: 'lost' } };
  });
  const ended = entries.filter((entry) => isNews(entry) && isGivenUp(entry, target, ports.clock()));
  return [...lost, ...(await Promise.all(ended.map((entry) => tellEnded(ports, entry)))).flat()];
}

function isGivenUp(entry: WindowEntry, { maxAttempts }: Target, now: Instant): boolean {
  if (entry.series !== 'calendar') return false;
  return entry.failureKind === NEVER_CONFIRMED || standingOf(entry, now, maxAttempts).may === 'give up';
}

async function tellEnded({ ledger, observe }: RunPorts, entry: WindowEntry): Promise<WindowResult[]> {
  const record = await ledger.find(entry);
  const failure = record && 'failure' in record ? record.failure : undefined;
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
