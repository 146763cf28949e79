import { InvalidArgumentError } from 'commander';
import { Temporal } from 'temporal-polyfill';
import { INSTANT_EXPECTED, type Instant, isBefore, parseInstant } from '../../domain/time/instant.ts';
import type { Clock } from '../../ports.ts';
import type { Screen } from '../output/screen.ts';

/** Reads the value of `--at`, `--now`, `--from` or `--to`. */
export function instantOption(text: string): Instant {
  const value = parseInstant(text);
  if (!value) throw new InvalidArgumentError(INSTANT_EXPECTED);
  if (isBefore(value, EARLIEST) || !isBefore(value, TOO_LATE))
    throw new InvalidArgumentError('must be a time from 2000 to 2199');
  return value;
}

/** The real clock, or a simulated one that starts at `now`; the screen says so. */
export function clockFrom(now: Instant | undefined, screen: Screen): Clock {
  if (now === undefined) return () => Temporal.Now.instant();
  screen.print(screen.paint('yellow', `Simulated clock: ${now}`));
  const ahead = Temporal.Now.instant().until(now);
  return () => Temporal.Now.instant().add(ahead);
}

// Windows, leases and retention are computed from the clock, and must stay within the years that can be stored.
const EARLIEST = Temporal.Instant.from('2000-01-01T00:00Z');
const TOO_LATE = Temporal.Instant.from('2200-01-01T00:00Z');
