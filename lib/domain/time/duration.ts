import { Temporal } from 'temporal-polyfill';
import { parsedString } from '../parsed-string.ts';

/** A schema for a duration such as `PT1H30M`: hours, minutes and seconds, at most `atMostHours`. */
export function duration({ atMostHours }: { atMostHours: number }) {
  const expected = `must be a duration in hours, minutes or seconds such as PT30M, and at most PT${atMostHours}H`;
  return parsedString((text) => parseDuration(text, atMostHours), expected);
}

function parseDuration(text: string, atMostHours: number): Temporal.Duration | undefined {
  if (!/^PT(?=\d)(\d{1,5}H)?(\d{1,5}M)?(\d{1,5}S)?$/.test(text)) return undefined;
  const value = Temporal.Duration.from(text);
  return value.total('hours') <= atMostHours ? value : undefined;
}

/** The length of a window: one calendar day of its zone, or a fixed number of minutes counted from the day's start. */
export type Period = { unit: 'day' } | { unit: 'minutes'; minutes: number };

export const PERIOD_EXPECTED =
  'must be P1D (a calendar day), or PT<n>H or PT<n>M with a length that divides 24 hours, such as PT6H or PT15M';

const MINUTES_A_DAY = 24 * 60;

/** Reads `P1D`, `PT<n>H` or `PT<n>M`; undefined when the text is none of them or does not divide a day. */
export function parsePeriod(text: string): Period | undefined {
  if (text === 'P1D') return { unit: 'day' };
  const match = /^PT([1-9]\d{0,3})([HM])$/.exec(text);
  if (!match) return undefined;
  const minutes = Number(match[1]) * (match[2] === 'H' ? 60 : 1);
  return MINUTES_A_DAY % minutes === 0 ? { unit: 'minutes', minutes } : undefined;
}
