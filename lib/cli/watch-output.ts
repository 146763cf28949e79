import { ExitStatus } from './context/exit.ts';
import type { Streams } from './output/screen.ts';

/** What became of the output of a process. */
export type WatchedOutput = {
  /** Aborted when nobody can read any more what is shown. */
  outputClosed: AbortSignal;
  /** The exit status of a command that itself came to `status`, as far as output has failed by now. */
  statusAfter(status: number): number;
};

/**
 * Lets no output that cannot be written stop the work: a window half done is worse than a line that is missing. The
 * first failure of standard output is told on standard error.
 */
export function watchOutput({ stdout, stderr }: Streams): WatchedOutput {
  const outputClosed = new AbortController();
  let hasFailed = false;
  const failed = (tell: (error: Error) => void) => (error: NodeJS.ErrnoException) => {
    outputClosed.abort();
    // A reader that went away (`| head`) has seen what it wanted.
    if (error.code === 'EPIPE' || hasFailed) return;
    hasFailed = true;
    tell(error);
  };
  stdout.on(
    'error',
    failed(({ message }) => stderr.write(`error Output cannot be written: ${message}. The work goes on.\n`)),
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
