import { ExportError } from '../../domain/errors.ts';
import { type Span, type SpanText, spanText } from '../../domain/time/spans.ts';
import type { WindowOutcome } from './outcome.ts';

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
  /** What was to be done, its current window included unless it is exhausted: the sum of the next three and of `failed`. */
  planned: number;
  published: number;
  already_covered: number;
  deferred: number;
  failed: FailedWindow[];
  /** Windows of earlier runs of which Huawei's task list now says that their export ended well. */
  confirmed: number;
  /** Windows that this run had to row as lost: Huawei no longer has their records. */
  lost: SpanText[];
};

export type RunReport = { targets: TargetReport[] };

/** A window, and what came of it. */
export type WindowResult = { window: Span; result: WindowOutcome };

/** Thrown at the end of a run that could not export all its windows, after all that it could. */
export class RunFailedError extends ExportError {
  static override readonly name = 'RunFailedError';
  override readonly name = 'RunFailedError';
  readonly kind = 'run_failed';
  readonly report: RunReport;

  constructor(report: RunReport) {
    super(["Not all of the run's windows are exported:", ...report.targets.flatMap(undone)].join('\n'));
    this.report = report;
  }
}

export function reportTarget(targetId: string, results: readonly WindowResult[]): TargetReport {
  const count = (outcome: WindowOutcome['outcome']) =>
    results.filter(({ result }) => result.outcome === outcome).length;
  const failed = results.flatMap(({ window, result }) =>
    result.outcome === 'failed' ? [failedWindow(window, result.error)] : [],
  );
  const done = {
    published: count('published'),
    already_covered: count('covered'),
    deferred: count('deferred'),
  };
  return {
    target_id: targetId,
    planned: done.published + done.already_covered + done.deferred + failed.length,
    ...done,
    failed,
    confirmed: count('confirmed'),
    lost: results.flatMap(({ window, result }) => (result.outcome === 'lost' ? [spanText(window)] : [])),
  };
}

/**
 * The report, if nothing failed and nothing was lost. Platforms retry and alarm only on what is thrown. What is merely
 * left is no failure: the next run, or the sweep, goes on with it, and a metric counts it.
 */
export function orThrow<Report extends RunReport>(report: Report): Report {
  if (report.targets.some(hasFailed)) throw new RunFailedError(report);
  return report;
}

/** Whether a window failed for now, or was found to be lost. */
export function hasFailed({ failed, lost }: TargetReport): boolean {
  return failed.length > 0 || lost.length > 0;
}

function undone({ target_id, failed, lost }: TargetReport): string[] {
  const of = ({ start, end }: SpanText) => `  ${target_id} ${start}/${end}`;
  return [
    ...lost.map((window) => `${of(window)}: lost. Huawei keeps login records 30 days, and they are over.`),
    ...failed.map(({ window, message }) => `${of(window)}: ${message}`),
  ];
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
