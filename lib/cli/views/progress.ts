import type { RunEvent } from '../../domain/exports/run-events.ts';
import type { Observe } from '../../ports.ts';
import type { Screen, Terminal } from '../output/screen.ts';
import { printEvent } from './events.ts';

/** Shows the progress of a long run. `end` must be called, however the run ends. */
export type Progress = {
  observe: Observe;
  /** Shows a line for people above the bar. */
  print(text: string): void;
  end(): void;
};

/**
 * On a terminal a bar, below the lines for failures and warnings; elsewhere one line for each event. `now` is in milliseconds.
 * The cursor is never hidden, so that it is visible after a kill, too.
 */
export function createProgress(screen: Screen, now: () => number = () => performance.now()): Progress {
  const { terminal } = screen;
  return terminal ? barOn(terminal, screen, now) : lines(screen);
}

function lines(screen: Screen): Progress {
  const observe: Observe = (event) => {
    // The event for the message says as much, and there may be thousands of windows.
    if (event.type !== 'window_accepted' && event.type !== 'windows_deferred') printEvent(screen, event);
  };
  return { observe, print: screen.print, end: () => undefined };
}

function barOn(terminal: Terminal, screen: Screen, now: () => number): Progress {
  const startedAt = now();
  const extent = { done: 0, total: 0 };
  let at = '';
  const draw = () => {
    if (extent.total === 0) return;
    const { done, total } = extent;
    const secondsLeft = (((now() - startedAt) / done) * (total - done)) / 1000;
    const isPaced = done > 0 && done < total;
    // Not in the last column, where some terminals begin a new line.
    const line = barLine({ ...extent, at, ...(isPaced ? { secondsLeft } : {}) }, terminal.columns() - 1);
    terminal.write(`${ERASE}${line}`);
  };
  const print = (text: string) => {
    terminal.write(ERASE);
    screen.print(text);
    draw();
  };
  const observe: Observe = (event) => {
    if (event.type === 'target_planned') extent.total = event.windows;
    if (isEnd(event)) {
      extent.done += 1;
      // Windows that another run deferred or failed meanwhile are added.
      extent.total = Math.max(extent.total, extent.done);
      at = event.window.start.toString();
    }
    if (isQuiet(event)) draw();
    else printEvent({ ...screen, print }, event);
  };
  return { observe, print, end: () => terminal.write(ERASE) };
}

// Moves to the start of the line and erases the line.
const ERASE = '\r\u001b[K';

type WindowEnd = Extract<RunEvent, { type: 'window_published' | 'window_covered' | 'window_failed' }>;

function isEnd(event: RunEvent): event is WindowEnd {
  return ['window_published', 'window_covered', 'window_failed'].includes(event.type);
}

function isQuiet({ type }: RunEvent): boolean {
  return [
    'target_planned',
    'window_accepted',
    'window_published',
    'window_covered',
    'windows_deferred',
  ].includes(type);
}

/** Progress: `at` is the current place, `secondsLeft` the time that the rest needs at the speed so far. */
type Extent = { done: number; total: number; at?: string; secondsLeft?: number };

/** One line of at most `columns` columns: a bar with numbers, and as many details as there is room for. */
export function barLine({ done, total, at, secondsLeft }: Extent, columns: number): string {
  const share = total > 0 ? done / total : 1;
  const numbers = `${done}/${total} ${Math.floor(share * 100)}%`;
  const beside = [at, secondsLeft === undefined ? undefined : `${duration(secondsLeft)} left`];
  const texts = [beside, [at], []].map((words) => [numbers, ...words.filter((word) => word)].join('  '));
  const text = texts.find((one) => one.length + BAR.least + 3 <= columns);
  if (text === undefined) return numbers.slice(0, Math.max(0, columns));
  const length = Math.min(BAR.most, columns - text.length - 3);
  const filled = Math.floor(share * length);
  return `[${'#'.repeat(filled)}${'-'.repeat(length - filled)}] ${text}`;
}

const BAR = { least: 8, most: 30 };

function duration(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
