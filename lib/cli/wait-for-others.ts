import { setTimeout as wait } from 'node:timers/promises';
import type { WaitForOthers } from '../exports/run-ports.ts';
import { count } from './span-words.ts';

// The other run may be done long before its lease is over.
const LOOK_AGAIN_MILLISECONDS = 5_000;

/** Waits while other runs hold windows, a few seconds at a time, and says once until when it may take. */
export function createWaitForOthers(print: (text: string) => void): WaitForOthers {
  let said = '';
  return async ({ windows, now, until }, signal) => {
    const text = `${count(windows, 'window')} in the hands of another run: waiting, until ${until.round('second')} at the most`;
    if (text !== said) print(`  · ${text}`);
    said = text;
    const milliseconds = now.until(until).total('milliseconds') + 1;
    await wait(Math.min(Math.max(milliseconds, 1), LOOK_AGAIN_MILLISECONDS), undefined, { signal }).catch(
      () => undefined,
    );
  };
}
