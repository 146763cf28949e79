import { ExportError } from '../../domain/errors.ts';
import type { Target } from '../../domain/input/target.ts';
import type { TargetRow } from '../../domain/ledger/target-row.ts';
import { earliest, type Instant, isAfter, isBefore } from '../../domain/time/instant.ts';
import { oldestExportable } from '../../domain/time/retention.ts';
import { from, intersection, type Span, union } from '../../domain/time/spans.ts';
import type { RunPorts } from '../../run-ports.ts';
import type { Confirmation } from '../confirmation/confirm.ts';
import { type LongUnconfirmed, PATIENCE } from '../confirmation/long-unconfirmed.ts';
import { isPublished } from '../confirmation/note-verdict.ts';
import type { Assessment } from '../coverage/assess.ts';
import { windowsAtRisk } from '../coverage/report-coverage.ts';
import type { WindowResult } from '../window/report.ts';

/** Since when no run has had the task list, after this run has asked for it; as it was where this run could not ask. */
export function listDownSince(
  { listDownSince }: Pick<TargetRow, 'listDownSince'>,
  { outage, isAnswered }: Pick<Confirmation, 'outage' | 'isAnswered'>,
  now: Instant,
): Instant | undefined {
  if (outage) return listDownSince ?? now;
  return isAnswered ? undefined : listDownSince;
}

type Waiting = {
  seen: Pick<Assessment, 'unconfirmed'>;
  /** The windows of which nobody has known for a day how they ended. */
  unanswered: LongUnconfirmed | undefined;
  /** Why the task list could not be had, and since when no run has had it. */
  outage: ExportError | undefined;
  since: Instant | undefined;
};

/**
 * The failure of a run that could not have the task list, if a task that failed unseen might not be exported again in
 * time: once the list has been down for a day, or at once where the next scheduled run would come too late. Names the
 * oldest window of which that is so.
 */
export function failedByOutage(
  { clock, observe }: Pick<RunPorts, 'clock' | 'observe'>,
  target: Target,
  { seen, unanswered, outage, since }: Waiting,
): WindowResult[] {
  if (!outage || !since) return [];
  const now = clock();
  const isLong = !isAfter(since.add(PATIENCE), now);
  const window = firstAtRisk(target, seen, now) ?? (isLong ? unanswered?.oldest : undefined);
  if (!window) return [];
  const error = new ListOutageError(outage, `has not been readable since ${since.round('second')}`);
  observe({ type: 'window_failed', targetId: target.id, window, error });
  return [{ window, result: { outcome: 'failed', error } }];
}

/**
 * The same for exports for alerts, of which no night speaks: a list that has not said for a day how the first of them ended
 * is told by each sweep.
 */
export function failedForAlerts(
  { clock, observe }: Pick<RunPorts, 'clock' | 'observe'>,
  { id: targetId }: Target,
  { entries, outage }: Pick<Confirmation, 'entries' | 'outage'>,
): WindowResult[] {
  const overdue = entries
    .filter(isPublished)
    .filter(({ publishedAt }) => publishedAt && isBefore(publishedAt, clock().subtract(PATIENCE)));
  const since = earliest(overdue.flatMap(({ publishedAt }) => publishedAt ?? []));
  const first = overdue.find(({ publishedAt }) => publishedAt === since);
  if (!outage || !since || !first) return [];
  const { window } = first;
  const error = new ListOutageError(
    outage,
    `is not readable, and that export was published at ${since.round('second')}`,
  );
  observe({ type: 'window_failed', targetId, window, error });
  return [{ window, result: { outcome: 'failed', error } }];
}

function firstAtRisk(
  target: Target,
  { unconfirmed }: Pick<Assessment, 'unconfirmed'>,
  now: Instant,
): Span | undefined {
  const windows = unconfirmed.map(({ window }) => window);
  const exportable = union(from(windows, oldestExportable(now)));
  const risky = windowsAtRisk(target, { gaps: exportable }, now);
  return windows.find((window) => intersection([window], risky).length > 0);
}

/** Huawei's task list cannot be had, so how exports ended is not known. `kind` is that of its cause: what to do is the same. */
class ListOutageError extends ExportError {
  static override readonly name = 'ListOutageError';
  override readonly name = 'ListOutageError';
  readonly kind: string;

  constructor(cause: ExportError, how: string) {
    super(
      `Nobody knows whether the export of this window ended well, because Huawei's task list ${how}. ${cause.message}`,
      { cause, ...(cause.vendor ? { vendor: cause.vendor } : {}) },
    );
    this.kind = cause.kind;
  }
}
