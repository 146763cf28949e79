import type { Instant } from '../../domain/time/instant.ts';
import type { TargetStatus } from '../../exports/status/target-status.ts';
import { timeWords } from '../output/format.ts';
import type { Screen } from '../output/screen.ts';
import { wrapped } from '../output/text.ts';
import { dayStrip } from './day-strip.ts';
import { showNote } from './note.ts';
import { statusNotes } from './status-notes.ts';

/** Shows the status of a target: its days, its coverage, and then notes on all that may need an action. */
export function showStatus(status: TargetStatus, screen: Screen): void {
  const { target } = status;
  const { timeZone } = target.window;
  const [strip, dates] = dayStrip(status, screen.paint);
  screen.print(`\n${screen.paint('bold', target.id)}`);
  screen.print(`  ${strip}\n  ${dates}  days of ${timeZone}`);
  screen.print(wrapped(coverage(status), '  '));
  for (const note of statusNotes(status)) showNote(note, screen);
}

function coverage(status: TargetStatus): string {
  const { coveredFrom, coveredUntil, target } = status;
  const disabled = target.enabled ? '' : ' The target is not enabled: no run exports it.';
  if (!coveredFrom || !coveredUntil)
    return `No run yet; the first run sets where coverage begins.${disabled}`;
  return `${coveredSpan(status, { coveredFrom, coveredUntil })}${disabled}`;
}

function coveredSpan(
  { target, dueUntil, lost }: TargetStatus,
  { coveredFrom, coveredUntil }: Covered,
): string {
  const [begin, end, due] = [coveredFrom, coveredUntil, dueUntil].map((at) =>
    timeWords(at, target.window.timeZone),
  );
  if (begin === end) return `Coverage begins at ${begin}; nothing is confirmed yet. Due until ${due}.`;
  const exception = lost.length > 0 ? ', except for what is lost' : '';
  return `Covered from ${begin} until ${end}${exception}. Due until ${due}.`;
}

type Covered = Record<'coveredFrom' | 'coveredUntil', Instant>;
