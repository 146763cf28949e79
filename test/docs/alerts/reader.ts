import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from './document.ts';

/** Somebody who does in a shell what the document says. */
export type Reader = {
  /** Where the commands run, in place of a checkout. */
  folder: string;
  /** Runs a block as it stands, and resolves to what it printed; rejects at the first command that fails. */
  run: (script: string) => Promise<string>;
  /** Starts a block in a terminal of its own, and resolves to what it has printed when that matches. */
  start: (script: string, until: RegExp) => Promise<string>;
  /** Ends what was started, and takes the folder away. */
  close: () => void;
};

/**
 * A folder of a reader, with the samples of the checkout. `npm start --` is the command line under this Node, and the
 * emulator is on a free port; `aws` prints the entries that it is given.
 */
export function createReader(): Reader {
  const folder = mkdtempSync(join(tmpdir(), 'login-export-'));
  symlinkSync(join(ROOT, 'test'), join(folder, 'test'));
  const stop = new AbortController();
  const shell = (script: string) => ['-euc', `${PRELUDE}\n${script}`];
  const options = { cwd: folder, env: { ...process.env, NODE: process.execPath, MAIN } };
  return {
    folder,
    run: async (script) => (await promisify(execFile)('sh', shell(script), options)).stdout,
    start: (script, until) => {
      const { stdout } = spawn('sh', shell(script), { ...options, signal: stop.signal }).on('error', noError);
      return printedUntil(stdout, until);
    },
    close: () => {
      stop.abort();
      rmSync(folder, { recursive: true });
    },
  };
}

const MAIN = join(ROOT, 'lib/cli/main.ts');

const PRELUDE = `
npm() {
  [ "$1 $2" = 'start --' ] || exit 64
  shift 2
  if [ "$1" = emulator ]; then exec "$NODE" --disable-warning=ExperimentalWarning "$MAIN" "$@" --port 0; fi
  "$NODE" --disable-warning=ExperimentalWarning "$MAIN" "$@"
}
aws() {
  [ "$1 $2 $3 $#" = 'events put-events --entries 4' ] || exit 64
  printf %s "$4"
}`;

// Ending it on purpose is an error of the process, too.
function noError(error: Error): void {
  if (error.name !== 'AbortError') throw error;
}

async function printedUntil(stream: NodeJS.ReadableStream, until: RegExp): Promise<string> {
  let printed = '';
  for await (const text of stream.setEncoding('utf8')) {
    printed += text;
    if (until.test(printed)) break;
  }
  return printed;
}
