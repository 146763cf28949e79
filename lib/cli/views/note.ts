import type { Screen } from '../output/screen.ts';
import { hanging, truncateList, wrapped } from '../output/text.ts';

/** What a person should know of a target: a sentence, the spans or reasons below it, and how urgent it is. */
export type Note = { text: string; lines?: readonly string[]; style: 'red' | 'yellow' | 'dim' };

/** Shows a note below the coverage of its target. */
export function showNote({ text, lines = [], style }: Note, screen: Screen): void {
  screen.print(screen.paint(style, wrapped(text, '  ')));
  for (const line of truncateList(lines, LONG_LIST)) screen.print(listed(line));
}

const LONG_LIST = { most: 8, first: 5, last: 2 };

// Wrapping would remove the blanks between the columns of a line.
function listed(line: string): string {
  const entry = hanging(line, '    ');
  return entry.includes('\n') ? entry : `    ${line}`;
}
