import { asExportError, ExportError, InputError } from '../../domain/errors.ts';
import { pathMessage, pathOf } from '../../domain/input/path-message.ts';
import { hasFailed, type TargetReport } from '../../exports/window/report.ts';

export const ExitStatus = { done: 0, failed: 1, usage: 2, hungUp: 129, interrupted: 130 } as const;

/** The exit status for an error that ended a command. */
export function errorStatus(error: unknown, signal: AbortSignal): number {
  if (signal.aborted) return stoppedStatus(signal);
  return error instanceof InputError ? ExitStatus.usage : ExitStatus.failed;
}

/** The exit status of a command that `signal` has stopped; its reason is the name of the system's signal. */
export function stoppedStatus({ reason }: AbortSignal): number {
  return reason === 'SIGHUP' ? ExitStatus.hungUp : ExitStatus.interrupted;
}

/**
 * The exit status for finished runs: settings are to blame only when nothing else is. What is left counts as failed,
 * because on one machine nobody else may come to finish it.
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

/** An error for people; an unforeseen one keeps its stack, because that is what its report needs. */
export function errorText(error: unknown): string {
  if (error instanceof ExportError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** What ended a command, as people can act on it: a path that cannot be used is wrong input, wherever it was used. */
export function toExpected(error: unknown): unknown {
  const path = pathOf(error);
  if (path === undefined) return error;
  return new InputError('A path cannot be used:', [{ path, message: pathMessage(error) }]);
}

/** What the argument parser found wrong. */
export function usageError(said: string): InputError {
  const message = said.replace(/^error: /, '').replaceAll('\n', ' ');
  return new InputError('That is not a command of login-export; see login-export --help:', [
    { path: 'command line', message },
  ]);
}
