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
export async function login(argv: readonly string[], options: Options = {}): Promise<Printed> {
  const { signal = new AbortController().signal, onOutput, environment = {}, input } = options;
  const stdout = collector(onOutput);
  const stderr = collector();
  const outputClosed = new AbortController().signal;
  const streams = { stdout: stdout.stream, stderr: stderr.stream };
  const stdin = () => Readable.from(input === undefined ? [] : [Buffer.from(input)]);
  const status = await runCli(argv, { ...streams, signal, outputClosed, environment, stdin });
  return { status, stdout: stdout.text(), stderr: stderr.text() };
}

/**
 * Runs commands in a process of their own, as a user who is not root, because root may read and write everything. With a
 * `umask`, the user is the same, and new files get the modes that the umask allows.
 */
export async function loginAsOther(commands: readonly string[][], umask?: number): Promise<Printed[]> {
  const given = JSON.stringify({ commands, umask, isRootFine: umask !== undefined });
  const argv = ['--disable-warning=ExperimentalWarning', COMMANDS_AS_OTHER, given];
  const { stdout } = await promisify(execFile)(process.execPath, argv, { maxBuffer: 10_000_000 });
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
