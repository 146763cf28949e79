import { Temporal } from 'temporal-polyfill';
import { parsed } from './parsed.ts';

/** A duration as a person writes it, such as `PT1H30M`: hours, minutes and seconds, and at most so many hours. */
export function duration({ atMostHours }: { atMostHours: number }) {
  const expected = `must be a duration in hours, minutes or seconds such as PT30M, and at most PT${atMostHours}H`;
  return parsed((text) => parseDuration(text, atMostHours), expected);
}

function parseDuration(text: string, atMostHours: number): Temporal.Duration | undefined {
  if (!/^PT(?=\d)(\d{1,5}H)?(\d{1,5}M)?(\d{1,5}S)?$/.test(text)) return undefined;
  const value = Temporal.Duration.from(text);
  return value.total('hours') <= atMostHours ? value : undefined;
}
