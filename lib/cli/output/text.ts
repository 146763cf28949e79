import stringWidth from 'string-width';
import { oneLine } from '../../domain/visible-text.ts';

/** The width that every terminal is expected to have. */
const COLUMNS = 80;

// In a narrower one, a line would have one word.
const LEAST_COLUMNS = 40;

/** Text in lines that fit a terminal, each behind `indent`. Control characters in the text do not reach the terminal. */
export function wrapped(text: string, indent = '', width = COLUMNS): string {
  const room = width - indent.length;
  return text
    .split('\n')
    .flatMap((line) => linesOf(words(line, room), room))
    .map((line) => indent + line)
    .join('\n');
}

/** An entry of a list: its first line behind `indent`, the others two columns further. */
export function hanging(text: string, indent = ''): string {
  return `${indent}${wrapped(text, `${indent}  `).trimStart()}`;
}

/**
 * A line; on a terminal that is too narrow for it, in lines that break between words. The text before it on the same line
 * has `indent` columns. In a file it stays one line, so that a search finds it.
 */
export function fitted({ terminal }: Sized, line: string, indent = ''): string {
  if (!terminal) return line;
  const width = Math.max(terminal.columns(), LEAST_COLUMNS);
  // Spaces that align a line are kept where it fits, and count where it does not.
  return stringWidth(`${indent}${line}`) <= width ? line : wrapped(line, indent, width).trimStart();
}

/** Something whose width is known when it is a terminal, such as a `Screen`. */
type Sized = { terminal?: { columns(): number } | undefined };

/** Lines, as `fitted` each; the rest of a long line is indented a little more than its start. */
export function fittedLines(sized: Sized, text: string): string {
  return text
    .split('\n')
    .map((line) => {
      const [indent = ''] = /^ */.exec(line) ?? [];
      if (fitted(sized, line, indent) === line) return line;
      return indent + fitted(sized, line.trim(), `${indent}  `);
    })
    .join('\n');
}

function linesOf(words: readonly string[], room: number): string[] {
  const lines: string[] = [];
  for (const word of words) {
    const longer = `${lines.at(-1) ?? ''} ${word}`;
    if (lines.length > 0 && stringWidth(longer) <= room) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

function words(line: string, room: number): string[] {
  return oneLine(line)
    .split(/\s+/)
    .filter((word) => word !== '')
    .flatMap((word) => pieces(word, room));
}

// Such as a URL.
function pieces(word: string, room: number): string[] {
  const cut = [''];
  for (const { segment: letter } of LETTERS.segment(word)) {
    const longer = `${cut.at(-1)}${letter}`;
    if (stringWidth(longer) <= room) cut[cut.length - 1] = longer;
    else cut.push(letter);
  }
  return cut;
}

// A letter with its marks, or an emoji of several characters, is never cut.
const LETTERS = new Intl.Segmenter();

/** How many lines of a list are shown when it has more than `most`. */
export type Shape = { most: number; first: number; last: number };

/** The lines of a list; of a long list the first lines, the number of omitted lines, and the last lines. */
export function truncateList(lines: readonly string[], { most, first, last }: Shape): string[] {
  if (lines.length <= most) return [...lines];
  const omitted = lines.length - first - last;
  return [...lines.slice(0, first), `… ${omitted} more`, ...lines.slice(-last)];
}
