import { setTimeout as wait } from 'node:timers/promises';
import type { BackfillPorts } from '../exports/backfill/backfill.ts';
import type { Clock } from '../ports.ts';
import { count } from './span-words.ts';

// The other run may be done long before its lease is over.
const LOOK_AGAIN_MILLISECONDS = 5_000;

/** Waits while other runs hold windows, a few seconds at a time, and says once until when it may take. */
export function createWaitForOthers(
  clock: Clock,
  print: (text: string) => void,
): BackfillPorts['waitForOthers'] {
  let said = '';
  return async ({ windows, until }, signal) => {
    const text = `${count(windows, 'window')} in the hands of another run: waiting, until ${until.round('second')} at the most`;
    if (text !== said) print(`  · ${text}`);
    said = text;
    const milliseconds = clock().until(until).total('milliseconds') + 1;
    await wait(Math.min(Math.max(milliseconds, 1), LOOK_AGAIN_MILLISECONDS), undefined, { signal }).catch(
      () => undefined,
    );
  };
}
