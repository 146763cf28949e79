import * as z from 'zod';

/**
 * A time in a scenario: an instant (RFC 3339), or a distance from the start of the scenario by the emulator's clock.
 * `-PT2H` is two hours before the start, `PT0S` the start, `P1DT30M` a day and half an hour after the start.
 */
export const scenarioTime = z.string().refine((text) => isDistance(text) || isInstant(text), {
  abort: true,
  error:
    'must be a time such as 2026-11-23T00:35:00Z, or a distance from the start of the emulator such as -PT2H or PT0S',
});

/** The time that a `scenarioTime` names, in milliseconds since the epoch. */
export function timeFrom(text: string, startedAt: number): number {
  const { sign, ...parts } = DISTANCE.exec(text)?.groups ?? {};
  if (sign === undefined) return Date.parse(text);
  const seconds = Object.entries(SECONDS).reduce(
    (sum, [unit, length]) => sum + Number(parts[unit] ?? 0) * length,
    0,
  );
  return startedAt + (sign === '-' ? -seconds : seconds) * 1000;
}

/** Refines a schema with `from` and `to`: both must be instants or both distances, and `from` must be the earlier one. */
export function refineSpan<Schema extends z.ZodType<{ from?: string | undefined; to?: string | undefined }>>(
  schema: Schema,
): Schema {
  return schema
    .refine(({ from, to }) => !from || !to || isDistance(from) === isDistance(to), {
      path: ['to'],
      abort: true,
      error: 'must be of the kind of "from": two times, or two distances from the start',
    })
    .refine(({ from, to }) => !from || !to || timeFrom(from, 0) < timeFrom(to, 0), {
      path: ['to'],
      error: 'must be after "from"',
    });
}

export function isDistance(text: string): boolean {
  return DISTANCE.test(text);
}

const DISTANCE =
  /^(?<sign>-?)P(?!$)(?:(?<days>\d{1,4})D)?(?:T(?=\d)(?:(?<hours>\d{1,5})H)?(?:(?<minutes>\d{1,5})M)?(?:(?<seconds>\d{1,5})S)?)?$/;

const SECONDS = { days: 86_400, hours: 3600, minutes: 60, seconds: 1 };

const instant = z.iso.datetime({ offset: true });

function isInstant(text: string): boolean {
  return instant.safeParse(text).success;
}
