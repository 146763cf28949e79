import { ExportError } from '../../domain/errors.ts';
import type { Target } from '../../domain/input/target.ts';
import type { TargetRow } from '../../domain/ledger/target-row.ts';
import { earliest, type Instant, isAfter, isBefore } from '../../domain/time/instant.ts';
import { oldestExportable } from '../../domain/time/retention.ts';
import { from, intersection, type Span, union, windowsOf } from '../../domain/time/spans.ts';
import type { RunPorts } from '../../run-ports.ts';
import type { Confirmation } from '../confirmation/confirm.ts';
import { isUnconfirmed, type LongUnconfirmed, OVERDUE_AFTER } from '../confirmation/unconfirmed.ts';
import { windowsAtRisk } from '../coverage/at-risk.ts';
import type { Assessment } from '../coverage/gaps.ts';
import type { WindowResult } from '../window/outcome.ts';
import { reportFailed } from '../window/report-outcome.ts';

/** Since when no run could read the task list, after this run has tried to; unchanged where this run could not try. */
export function listDownSince(
  { listDownSince }: Pick<TargetRow, 'listDownSince'>,
  { outage, isAnswered }: Pick<Confirmation, 'outage' | 'isAnswered'>,
  now: Instant,
): Instant | undefined {
  if (outage) return listDownSince ?? now;
  return isAnswered ? undefined : listDownSince;
}

type Unanswered = {
  seen: Pick<Assessment, 'unconfirmed'>;
  /** The windows that have been unconfirmed for more than a day. */
  unanswered: LongUnconfirmed | undefined;
  /** Why the task list could not be read, and since when no run could read it. */
  outage: ExportError | undefined;
  since: Instant | undefined;
};

/**
 * Fails a run that could not read the task list, where a failed task might not be noticed in time to export its window
 * again: once the list has been down for a day, or at once where the next scheduled run would be too late. Names the
 * oldest such window.
 */
export function failedByOutage(
  { clock, observe }: Pick<RunPorts, 'clock' | 'observe'>,
  target: Target,
  { seen, unanswered, outage, since }: Unanswered,
): WindowResult[] {
  if (!outage || !since) return [];
  const now = clock();
  const isLong = !isAfter(since.add(OVERDUE_AFTER), now);
  const window = firstAtRisk(target, seen, now) ?? (isLong ? unanswered?.oldest : undefined);
  if (!window) return [];
  const error = new ListOutageError(outage, `has not been readable since ${since.round('second')}`);
  return [reportFailed(observe, { targetId: target.id, window, error })];
}

/**
 * The same for exports for alerts, which are no scheduled windows: each sweep reports a list that could not be read for a
 * day after the first of these exports was published.
 */
export function failedForAlerts(
  { clock, observe }: Pick<RunPorts, 'clock' | 'observe'>,
  { id: targetId }: Target,
  { entries, outage }: Pick<Confirmation, 'entries' | 'outage'>,
): WindowResult[] {
  const overdue = entries
    .filter(isUnconfirmed)
    .filter(({ publishedAt }) => publishedAt && isBefore(publishedAt, clock().subtract(OVERDUE_AFTER)));
  const since = earliest(overdue.flatMap(({ publishedAt }) => publishedAt ?? []));
  const first = overdue.find(({ publishedAt }) => publishedAt === since);
  if (!outage || !since || !first) return [];
  const error = new ListOutageError(
    outage,
    `is not readable, and that export was published at ${since.round('second')}`,
  );
  return [reportFailed(observe, { targetId, window: first.window, error })];
}

function firstAtRisk(
  target: Target,
  { unconfirmed }: Pick<Assessment, 'unconfirmed'>,
  now: Instant,
): Span | undefined {
  const windows = windowsOf(unconfirmed);
  const exportable = union(from(windows, oldestExportable(now)));
  const risky = windowsAtRisk(target, { gaps: exportable }, now);
  return windows.find((window) => intersection([window], risky).length > 0);
}

/**
 * Huawei's task list cannot be read, so how exports ended is not known. `kind` is that of the cause: the fix is the
 * same.
 */
class ListOutageError extends ExportError {
  static override readonly name = 'ListOutageError';
  readonly kind: string;

  constructor(cause: ExportError, how: string) {
    super(
      `It is not known whether the export of this window ended well, because Huawei's task list ${how}. ${cause.message}`,
      { cause, ...(cause.vendor ? { vendor: cause.vendor } : {}) },
    );
    this.kind = cause.kind;
  }
}
