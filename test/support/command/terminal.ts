import { PassThrough } from 'node:stream';
import { WriteStream } from 'node:tty';

/** A terminal of some width. `written` is the output so far, `shown` the lines that a user sees in the end. */
export function fakeTerminal(columns = 80) {
  const getColorDepth = () => WriteStream.prototype.getColorDepth();
  const stream = Object.assign(new PassThrough(), { isTTY: true, columns, getColorDepth });
  let written = '';
  stream.on('data', (chunk: Buffer) => {
    written += chunk.toString();
  });
  return { stream, written: () => written, shown: () => written.split('\n').map(lastOf) };
}

/** Moves to the start of the line and erases it. A line that is rewritten in another way is shown as it is. */
export const ERASE = '\r\u001b[K';

function lastOf(line: string): string {
  return line.split(ERASE).at(-1) ?? '';
}
