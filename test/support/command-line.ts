import { PassThrough } from 'node:stream';
import { runCli } from '../../lib/cli/run-cli.ts';

/** What a command printed, and its exit status. */
export type Printed = { status: number; stdout: string; stderr: string };

type Options = {
  signal?: AbortSignal;
  onOutput?: (text: string) => void;
  environment?: Record<string, string>;
};

/** Runs the command line in this process, with pipes for a terminal. `onOutput` sees all standard output so far. */
export async function login(words: readonly string[], options: Options = {}): Promise<Printed> {
  const { signal = new AbortController().signal, onOutput, environment = {} } = options;
  const stdout = collector(onOutput);
  const stderr = collector();
  const readerGone = new AbortController().signal;
  const streams = { stdout: stdout.stream, stderr: stderr.stream };
  const status = await runCli(words, { ...streams, signal, readerGone, environment });
  return { status, stdout: stdout.text(), stderr: stderr.text() };
}

function collector(onText?: (text: string) => void) {
  const stream = new PassThrough();
  let collected = '';
  stream.on('data', (chunk: Buffer) => {
    collected += chunk.toString();
    onText?.(collected);
  });
  return { stream, text: () => collected };
}
