import type { Instant } from '../../domain/time/instant.ts';
import type { TargetStatus } from '../../exports/status/target-status.ts';
import { timeWords } from '../output/format.ts';
import type { Screen } from '../output/screen.ts';
import { hanging, truncateList, wrapped } from '../output/text.ts';
import { dayStrip } from './day-strip.ts';
import type { Note } from './note.ts';
import { statusNotes } from './status-notes.ts';

/** Shows how a target stands: its days, and then everything that somebody may have to do something about. */
export function showStatus(status: TargetStatus, screen: Screen): void {
  const { target } = status;
  const { timeZone } = target.window;
  const [strip, dates] = dayStrip(status, screen.paint);
  screen.print(`\n${screen.paint('bold', target.id)}`);
  screen.print(`  ${strip}\n  ${dates}  days of ${timeZone}`);
  screen.print(wrapped(coverage(status), '  '));
  for (const note of statusNotes(status)) show(note, screen);
}

function coverage(status: TargetStatus): string {
  const { coveredFrom, coveredUntil, target } = status;
  const disabled = target.enabled ? '' : ' The target is not enabled: no run exports it.';
  if (!coveredFrom || !coveredUntil)
    return `No run has been yet; the first sets where coverage begins.${disabled}`;
  return `${howFar(status, { coveredFrom, coveredUntil })}${disabled}`;
}

function howFar({ target, dueUntil, lost }: TargetStatus, { coveredFrom, coveredUntil }: Covered): string {
  const [begin, end, due] = [coveredFrom, coveredUntil, dueUntil].map((at) =>
    timeWords(at, target.window.timeZone),
  );
  if (begin === end) return `Coverage begins at ${begin}; nothing is confirmed yet. Due until ${due}.`;
  const exception = lost.length > 0 ? ', but for what is lost' : '';
  return `Covered from ${begin} until ${end}${exception}. Due until ${due}.`;
}

type Covered = Record<'coveredFrom' | 'coveredUntil', Instant>;

const LONG_LIST = { most: 8, first: 5, last: 2 };

function show({ text, lines = [], style }: Note, screen: Screen): void {
  screen.print(screen.paint(style, wrapped(text, '  ')));
  for (const line of truncateList(lines, LONG_LIST)) screen.print(listed(line));
}

// Wrapping takes the blanks away that set a line's columns apart.
function listed(line: string): string {
  const entry = hanging(line, '    ');
  return entry.includes('\n') ? entry : `    ${line}`;
}
