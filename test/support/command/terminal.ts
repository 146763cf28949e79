import { PassThrough } from 'node:stream';
import { WriteStream } from 'node:tty';

/** A terminal of some width: `written` is what went to it, `shown` the lines that a person would see in the end. */
export function fakeTerminal(columns = 80) {
  const getColorDepth = () => WriteStream.prototype.getColorDepth();
  const stream = Object.assign(new PassThrough(), { isTTY: true, columns, getColorDepth });
  let written = '';
  stream.on('data', (chunk: Buffer) => {
    written += chunk.toString();
  });
  return { stream, written: () => written, shown: () => written.split('\n').map(lastOf) };
}

/** Back to the line's start, and everything away that stands there. A line that is rewritten otherwise shows as it is. */
export const ERASE = '\r\u001b[K';

function lastOf(line: string): string {
  return line.split(ERASE).at(-1) ?? '';
}
