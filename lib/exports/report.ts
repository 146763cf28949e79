import { ExportError } from '../domain/errors.ts';
import type { Span, SpanText } from '../domain/span.ts';
import { spanText } from '../domain/span.ts';
import type { SubmitOutcome } from './submit.ts';

/** A window that failed, as it stands in a report. `kind` is that of the error (errors.ts). */
export type FailedWindow = {
  window: SpanText;
  kind: string;
  message: string;
  vendor_code?: string;
  request_id?: string;
};

/** What a run did for one target; counts are of windows. */
export type TargetReport = {
  target_id: string;
  planned: number;
  announced: number;
  already_covered: number;
  left_for_next_run: number;
  failed: FailedWindow[];
};

export type RunReport = { targets: TargetReport[] };

/** Thrown at the end of a run that could not export all its windows, after all that it could. */
export class RunFailedError extends ExportError {
  override readonly name = 'RunFailedError';
  readonly kind = 'run_failed';
  readonly report: RunReport;

  constructor(report: RunReport) {
    super(["Not all of the run's windows are exported:", ...report.targets.flatMap(undone)].join('\n'));
    this.report = report;
  }
}

export function reportTarget(
  targetId: string,
  outcomes: readonly { window: Span; result: SubmitOutcome }[],
): TargetReport {
  const count = (outcome: SubmitOutcome['outcome']) =>
    outcomes.filter(({ result }) => result.outcome === outcome).length;
  return {
    target_id: targetId,
    planned: outcomes.length,
    announced: count('announced'),
    already_covered: count('covered'),
    left_for_next_run: count('left'),
    failed: outcomes.flatMap(({ window, result }) =>
      result.outcome === 'failed' ? [failedWindow(window, result.error)] : [],
    ),
  };
}

/**
 * The report, if every window is exported. Platforms retry and alarm only on what is thrown, and a window that another
 * run holds may be in the hands of a dead one.
 */
export function orThrow(report: RunReport): RunReport {
  if (!report.targets.every(isDone)) throw new RunFailedError(report);
  return report;
}

/** Whether every window of the target is exported, by this run or by one before. */
export function isDone({ failed, left_for_next_run }: TargetReport): boolean {
  return failed.length === 0 && left_for_next_run === 0;
}

function undone({ target_id, failed, left_for_next_run }: TargetReport): string[] {
  const lines = failed.map(
    ({ window, message }) => `  ${target_id} ${window.start}/${window.end}: ${message}`,
  );
  if (left_for_next_run > 0) lines.push(`  ${target_id}: ${left_for_next_run} in the hands of another run`);
  return lines;
}

function failedWindow(window: Span, { kind, message, vendor }: ExportError): FailedWindow {
  return {
    window: spanText(window),
    kind,
    message,
    ...(vendor?.code ? { vendor_code: vendor.code } : {}),
    ...(vendor?.requestId ? { request_id: vendor.requestId } : {}),
  };
}
