import type { ExportEvent } from '../domain/export-event.ts';
import type { Observe } from '../ports.ts';
import { barLine } from './bar.ts';
import { printEvent } from './print-event.ts';
import type { Screen, Terminal } from './screen.ts';

/** Shows how far a long work is. `end` must be called, however the work ends. */
export type Progress = {
  observe: Observe;
  /** A line for people, which the bar makes room for. */
  print(text: string): void;
  end(): void;
};

/**
 * A bar on a terminal, below the lines that tell of trouble; elsewhere a line an event. `now` counts milliseconds. The
 * cursor is never hidden, so that it is there after a kill, too.
 */
export function createProgress(screen: Screen, now: () => number = () => performance.now()): Progress {
  const { terminal } = screen;
  return terminal ? barOn(terminal, screen, now) : lines(screen);
}

function lines(screen: Screen): Progress {
  const observe: Observe = (event) => {
    // The message that follows tells as much; there may be thousands of windows.
    if (event.type !== 'window_accepted' && event.type !== 'windows_deferred') printEvent(screen, event);
  };
  return { observe, print: screen.print, end: () => undefined };
}

function barOn(terminal: Terminal, screen: Screen, now: () => number): Progress {
  const began = now();
  const extent = { done: 0, total: 0 };
  let at = '';
  const draw = () => {
    if (extent.total === 0) return;
    const { done, total } = extent;
    const secondsLeft = (((now() - began) / done) * (total - done)) / 1000;
    const isPaced = done > 0 && done < total;
    // Not into the last column, where some terminals begin a new line.
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
      // Windows that another run left or failed meanwhile come on top.
      extent.total = Math.max(extent.total, extent.done);
      at = event.window.start.toString();
    }
    if (isQuiet(event)) draw();
    else printEvent({ ...screen, print }, event);
  };
  return { observe, print, end: () => terminal.write(ERASE) };
}

// To the start of the line, and nothing is left of what stood there.
const ERASE = '\r\u001b[K';

type WindowEnd = Extract<ExportEvent, { type: 'window_published' | 'window_covered' | 'window_failed' }>;

function isEnd(event: ExportEvent): event is WindowEnd {
  return ['window_published', 'window_covered', 'window_failed'].includes(event.type);
}

function isQuiet({ type }: ExportEvent): boolean {
  return [
    'target_planned',
    'window_accepted',
    'window_published',
    'window_covered',
    'windows_deferred',
  ].includes(type);
}
