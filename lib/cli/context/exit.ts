import { asExportError, ExportError, InputError } from '../../domain/errors.ts';
import { pathMessage, pathOf } from '../../domain/input/path-message.ts';
import { hasFailed, type TargetReport } from '../../exports/window/run-report.ts';
import { UsageError } from './usage.ts';

export const ExitStatus = { done: 0, failed: 1, usage: 2, hungUp: 129, interrupted: 130 } as const;

/** The exit status for an error that ended a command. */
export function errorStatus(error: unknown, signal: AbortSignal): number {
  if (signal.aborted) return stoppedStatus(signal);
  return error instanceof InputError ? ExitStatus.usage : ExitStatus.failed;
}

/** The exit status of a command that `signal` has stopped. The signal's reason is the name of the operating system's signal. */
export function stoppedStatus({ reason }: AbortSignal): number {
  return reason === 'SIGHUP' ? ExitStatus.hungUp : ExitStatus.interrupted;
}

/**
 * The exit status for finished runs: `usage` only when wrong settings are the one reason. A deferred window counts as
 * failed, because on one machine there may be no later run.
 */
export function reportStatus(reports: readonly TargetReport[]): number {
  const isDone = (report: TargetReport) => !hasFailed(report) && report.deferred === 0;
  if (reports.every(isDone)) return ExitStatus.done;
  const kinds = reports.flatMap(({ failed, lost }) => [
    ...failed.map(({ kind }) => kind),
    ...lost.map(() => 'lost'),
  ]);
  return kinds.length > 0 && kinds.every((kind) => kind === 'input') ? ExitStatus.usage : ExitStatus.failed;
}

/** An error as `--json` prints it. */
export function errorDocument(error: unknown) {
  const { kind, message } = asExportError(error);
  const issues = error instanceof InputError ? error.issues : [];
  return { error: { kind, message, issues } };
}

/** An error for people, with the usage of the command where the command line is wrong. An unexpected error keeps its stack for the report. */
export function errorText(error: unknown): string {
  if (error instanceof UsageError) return `${error.message}\n\n${error.usage}`;
  if (error instanceof ExportError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** The error that ended a command. A path that cannot be used is wrong input, in whatever part of the program it was used. */
export function toExpected(error: unknown): unknown {
  const path = pathOf(error);
  if (path === undefined) return error;
  return new InputError('A path cannot be used:', [{ path, message: pathMessage(error) }]);
}
