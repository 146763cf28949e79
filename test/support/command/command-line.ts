import { execFile } from 'node:child_process';
import { PassThrough, Readable } from 'node:stream';
import { promisify } from 'node:util';
import { runCli } from '../../../lib/cli/run-cli.ts';

/** What a command printed, and its exit status. */
export type Printed = { status: number; stdout: string; stderr: string };

type Options = {
  signal?: AbortSignal;
  onOutput?: (text: string) => void;
  environment?: Record<string, string>;
  /** What is piped into the command. */
  input?: string | Uint8Array;
};

/** Runs the command line in this process, with pipes for a terminal. `onOutput` sees all standard output so far. */
export async function login(words: readonly string[], options: Options = {}): Promise<Printed> {
  const { signal = new AbortController().signal, onOutput, environment = {}, input } = options;
  const stdout = collector(onOutput);
  const stderr = collector();
  const outputClosed = new AbortController().signal;
  const streams = { stdout: stdout.stream, stderr: stderr.stream };
  const stdin = () => Readable.from(input === undefined ? [] : [Buffer.from(input)]);
  const status = await runCli(words, { ...streams, signal, outputClosed, environment, stdin });
  return { status, stdout: stdout.text(), stderr: stderr.text() };
}

/**
 * Runs commands in a process of their own, as a user who is not root even where the tests are: root may read and write
 * everything. With a `umask` it is the same user, whose files get the modes that it leaves.
 */
export async function loginAsOther(commands: readonly string[][], umask?: number): Promise<Printed[]> {
  const given = JSON.stringify({ commands, umask, isRootFine: umask !== undefined });
  const words = ['--disable-warning=ExperimentalWarning', COMMANDS_AS_OTHER, given];
  const { stdout } = await promisify(execFile)(process.execPath, words, { maxBuffer: 10_000_000 });
  return JSON.parse(stdout);
}

const COMMANDS_AS_OTHER = new URL('./commands-as-other.ts', import.meta.url).pathname;

function collector(onText?: (text: string) => void) {
  const stream = new PassThrough();
  let collected = '';
  stream.on('data', (chunk: Buffer) => {
    collected += chunk.toString();
    onText?.(collected);
  });
  return { stream, text: () => collected };
}
