import { ExitStatus } from './context/exit.ts';
import type { Streams } from './output/screen.ts';

/** Whether the output of a process can still be written. */
export type WatchedOutput = {
  /** Aborted when nobody can read the output any more. */
  outputClosed: AbortSignal;
  /** The exit status of a command that ended with `status`, given the failures of output so far. */
  statusAfter(status: number): number;
};

/**
 * Keeps the work going when output cannot be written: a half-done window is worse than a missing line. The first failure
 * of standard output is reported on standard error.
 */
export function watchOutput({ stdout, stderr }: Streams): WatchedOutput {
  const outputClosed = new AbortController();
  let hasFailed = false;
  const failed = (report: (error: Error) => void) => (error: NodeJS.ErrnoException) => {
    outputClosed.abort();
    // A reader that closed the pipe (`| head`) has seen enough.
    if (error.code === 'EPIPE' || hasFailed) return;
    hasFailed = true;
    report(error);
  };
  stdout.on(
    'error',
    failed(({ message }) =>
      stderr.write(`error Cannot write the output: ${message}. The command continues.\n`),
    ),
  );
  stderr.on(
    'error',
    failed(() => undefined),
  );
  return {
    outputClosed: outputClosed.signal,
    statusAfter: (status) => (hasFailed ? Math.max(status, ExitStatus.failed) : status),
  };
}
