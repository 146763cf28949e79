import { InvalidArgumentError } from 'commander';
import { Temporal } from 'temporal-polyfill';
import { INSTANT_EXPECTED, type Instant, parseInstant } from '../domain/instant.ts';
import type { Clock } from '../ports.ts';
import type { Screen } from './screen.ts';

/** Reads the value of `--at` or `--now`. */
export function instantOption(text: string): Instant {
  const value = parseInstant(text);
  if (value) return value;
  throw new InvalidArgumentError(INSTANT_EXPECTED);
}

/** The real clock, or one that was set to `now` a moment ago and goes on from there; the screen says which. */
export function clockFrom(now: Instant | undefined, screen: Screen): Clock {
  if (now === undefined) return () => Temporal.Now.instant();
  screen.print(screen.paint('yellow', `The clock is not the real one: it was set to ${now}.`));
  const ahead = Temporal.Now.instant().until(now);
  return () => Temporal.Now.instant().add(ahead);
}
