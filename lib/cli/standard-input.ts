import { InputError, InterruptedError } from '../domain/errors.ts';
import type { CommandContext } from './command.ts';

/** What a command may read of a pipe or a terminal; `process.stdin` is one. */
export type StandardInput = AsyncIterable<Uint8Array> & { isTTY?: boolean; destroy(): unknown };

type Options = Pick<CommandContext, 'screen' | 'signal' | 'stdin'> & {
  /** What is to be given on it, such as `the event`. */
  wanted: string;
};

/** All of standard input. Throws `InputError` when there is nothing on it, or more than anybody writes. */
export async function readStandardInput({ screen, signal, stdin, wanted }: Options): Promise<Uint8Array> {
  const stream = stdin?.();
  if (!stream) throw refused(`is not there; give ${wanted} on it, or name a file`);
  if (stream.isTTY) screen.print(`Type or paste ${wanted}, then Ctrl-D on a line of its own.`);
  const stop = () => void stream.destroy();
  signal.addEventListener('abort', stop);
  try {
    return await collected(stream, wanted);
  } catch (error) {
    if (signal.aborted) throw new InterruptedError('Stopped before all of standard input was there.');
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** EventBridge has no event of more than 1 MB; this also leaves room for a list of them, which is told as one. */
const MOST_BYTES = 16_000_000;

async function collected(stream: StandardInput, wanted: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream) {
    length += chunk.length;
    if (length > MOST_BYTES) throw refused(`has more than ${MOST_BYTES} bytes; give ${wanted} alone`);
    chunks.push(chunk);
  }
  if (length === 0) throw refused(`is empty; give ${wanted} on it`);
  return Buffer.concat(chunks);
}

function refused(message: string): InputError {
  return new InputError('Standard input cannot be read:', [{ path: '(the whole document)', message }]);
}
