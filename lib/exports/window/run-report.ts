import { ExportError } from '../../domain/errors.ts';
import { type Span, type SpanText, spanText } from '../../domain/time/spans.ts';
import type { WindowOutcome, WindowResult } from './outcome.ts';

/** A window that failed, in a report. `kind` is that of the error (errors.ts). */
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
  /**
   * All windows of the run, including its current window unless that is exhausted: the sum of the next three and of
   * `failed`.
   */
  planned: number;
  published: number;
  already_covered: number;
  deferred: number;
  failed: FailedWindow[];
  /** Windows of earlier runs that Huawei's task list now shows as exported. */
  confirmed: number;
  /** Windows that this run recorded as lost: Huawei no longer has their records. */
  lost: SpanText[];
};

export type RunReport = { targets: TargetReport[] };

/** Thrown at the end of a run that did all that it could and could not export all its windows. */
export class RunFailedError extends ExportError {
  static override readonly name = 'RunFailedError';
  readonly kind = 'run_failed';
  readonly report: RunReport;

  constructor(report: RunReport) {
    super(["Not all of the run's windows are exported:", ...report.targets.flatMap(notExported)].join('\n'));
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
 * The report, if no window failed and none was lost: platforms retry and raise alarms only on thrown errors. A deferred
 * window is no failure: the next run or sweep does it, and a metric counts it.
 */
export function orThrow<Report extends RunReport>(report: Report): Report {
  if (report.targets.some(hasFailed)) throw new RunFailedError(report);
  return report;
}

/** Whether a window failed in this run, or was found to be lost. */
export function hasFailed({ failed, lost }: TargetReport): boolean {
  return failed.length > 0 || lost.length > 0;
}

function notExported({ target_id, failed, lost }: TargetReport): string[] {
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
