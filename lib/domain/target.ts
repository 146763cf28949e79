import { Temporal } from 'temporal-polyfill';
import * as z from 'zod';
import type { ApiTime } from './api-time.ts';
import { changesClocks, isTimeZone } from './api-time.ts';
import { type Endpoints, endpoints } from './endpoints.ts';
import { type Filters, filters } from './filters.ts';
import { type Instant, instant } from './instant.ts';
import { PERIOD_EXPECTED, parsePeriod } from './period.ts';
import type { WindowRule } from './windows.ts';
import { writtenObject } from './written-object.ts';

/** One Workspace project in one region, with its credential, schedule, window settings and filters. */
export type Target = {
  id: string;
  region: string;
  /** Absent: the password credential is scoped by region name and the id is learnt from the token's reply. */
  projectId?: string;
  /** Name or ARN of the secret; what kind of credential it is, the secret says. */
  credential: string;
  /** EventBridge Scheduler expression, read in `scheduleTimeZone`. */
  schedule: string;
  scheduleTimeZone: string;
  window: WindowRule;
  /** Origin of coverage; absent: the newest due window of the first run. */
  startAt?: Instant;
  filters: Filters;
  apiTime: ApiTime;
  endpoints: Endpoints;
  enabled: boolean;
};

/** A project id on Huawei Cloud: 1 to 128 characters (API definition WorkspaceApp/ExportUserConnection, path). */
const PROJECT_ID = /^[A-Za-z0-9_-]{1,128}$/;

const SCHEDULE = /^(cron\(\S+( \S+){5}\)|rate\([1-9]\d* (minute|hour|day)s?\))$/;

const timeZone = z.string().refine(isTimeZone, 'must be an IANA time zone such as UTC or Europe/Berlin');

const windowRule = writtenObject({
  every: parsed(parsePeriod, PERIOD_EXPECTED).prefault('P1D'),
  time_zone: timeZone.prefault('UTC'),
  settle: duration({ atMostHours: 168 }).prefault('PT30M'),
  overlap: duration({ atMostHours: 24 }).prefault('PT0S'),
}).transform(({ time_zone, ...rule }): WindowRule => ({ ...rule, timeZone: time_zone }));

const apiTime = writtenObject({
  format: z.enum(['iso8601', 'blank']).prefault('iso8601'),
  time_zone: timeZone.prefault('UTC'),
})
  .refine((time) => time.format === 'blank' || time.time_zone === 'UTC', {
    path: ['time_zone'],
    error: 'must be UTC with format iso8601; another zone goes with format blank',
  })
  // A local time without an offset must not mean two instants. The first release of this project is early enough.
  .refine(
    (time) =>
      !isTimeZone(time.time_zone) ||
      !changesClocks(time.time_zone, Temporal.Instant.from('2026-01-01T00:00Z')),
    {
      path: ['time_zone'],
      error: 'must be a zone whose clocks never change, because the blank format has no offset; UTC is one',
    },
  )
  .transform(({ format, time_zone }): ApiTime => ({ format, timeZone: time_zone }));

/** A target as it is written in YAML, read into a `Target` with every default filled in. */
export const target = writtenObject({
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be 1 to 63 of a-z, 0-9 and "-", and begin with no "-"'),
  region: z.string().regex(/^[a-z]{2}-[a-z]+-\d+$/, 'must be a region id such as ap-southeast-3'),
  project_id: z.string().regex(PROJECT_ID, 'must be 1 to 128 letters, digits, "_" or "-"').optional(),
  credential: z
    .string()
    .regex(/^[\w/+=.@:-]{1,512}$/, 'must be the name or ARN of a secret, such as huawei/acme-prod'),
  schedule: z
    .string()
    .regex(SCHEDULE, 'must be an EventBridge Scheduler expression such as cron(35 0 * * ? *) or rate(1 hour)')
    .prefault('cron(35 0 * * ? *)'),
  schedule_time_zone: timeZone.prefault('UTC'),
  window: windowRule.prefault({}),
  start_at: instant.nullable().prefault(null),
  filters: filters.prefault({}),
  api_time: apiTime.prefault({}),
  endpoints: endpoints.prefault({}),
  enabled: z.boolean('must be true or false').prefault(true),
}).transform(
  ({ project_id, schedule_time_zone, start_at, api_time, ...rest }): Target => ({
    ...rest,
    ...(project_id === undefined ? {} : { projectId: project_id }),
    ...(start_at === null ? {} : { startAt: start_at }),
    scheduleTimeZone: schedule_time_zone,
    apiTime: api_time,
  }),
);

function parsed<Value>(parse: (text: string) => Value | undefined, expected: string) {
  return z.string(expected).transform((text, context) => {
    const value = parse(text);
    if (value !== undefined) return value;
    context.addIssue(expected);
    return z.NEVER;
  });
}

function duration({ atMostHours }: { atMostHours: number }) {
  const expected = `must be a duration in hours, minutes or seconds such as PT30M, and at most PT${atMostHours}H`;
  return parsed((text) => parseDuration(text, atMostHours), expected);
}

function parseDuration(text: string, atMostHours: number): Temporal.Duration | undefined {
  if (!/^PT(?=\d)(\d{1,5}H)?(\d{1,5}M)?(\d{1,5}S)?$/.test(text)) return undefined;
  const value = Temporal.Duration.from(text);
  return value.total('hours') <= atMostHours ? value : undefined;
}
