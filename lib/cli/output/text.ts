import { oneLine } from '../../domain/visible-text.ts';
import type { Screen } from './screen.ts';

/** How wide a terminal can be taken to be. */
export const COLUMNS = 80;

// A narrower one would get a word a line.
const LEAST_COLUMNS = 40;

/** Text in lines that fit a terminal, each behind `indent`. Whoever wrote the text cannot steer the terminal with it. */
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
 * A line as it is; on a terminal that would break it within a word, in lines that fit. What was on the line before it
 * has `indent` columns. In a file a line stays one, for those who search it.
 */
export function fitted({ terminal }: Pick<Screen, 'terminal'>, line: string, indent = ''): string {
  if (!terminal) return line;
  const lines = wrapped(line, indent, Math.max(terminal.columns(), LEAST_COLUMNS)).trimStart();
  return lines.includes('\n') ? lines : line;
}

function linesOf(words: readonly string[], room: number): string[] {
  const lines: string[] = [];
  for (const word of words) {
    const longer = `${lines.at(-1) ?? ''} ${word}`;
    if (lines.length > 0 && columns(longer) <= room) lines[lines.length - 1] = longer;
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
  for (const letter of word) {
    const longer = `${cut.at(-1)}${letter}`;
    if (columns(longer) <= room) cut[cut.length - 1] = longer;
    else cut.push(letter);
  }
  return cut;
}

// Huawei also writes in Chinese, whose characters take two columns.
const WIDE =
  /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff01-\uff60]/u;

function columns(text: string): number {
  return [...text].reduce((sum, letter) => sum + (WIDE.test(letter) ? 2 : 1), 0);
}

/** How many lines of a list are shown when it has more than `most`. */
export type Shape = { most: number; first: number; last: number };

/** The lines of a list; of a long one the first and the last, and how many there are between. */
export function truncateList(lines: readonly string[], { most, first, last }: Shape): string[] {
  if (lines.length <= most) return [...lines];
  const left = lines.length - first - last;
  return [...lines.slice(0, first), `… ${left} more`, ...lines.slice(-last)];
}
