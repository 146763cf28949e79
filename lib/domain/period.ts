/** How long a window is: one calendar day of its zone, or a fixed number of minutes counted from the day's start. */
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
