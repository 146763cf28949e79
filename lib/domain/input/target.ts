import { Temporal } from 'temporal-polyfill';
import * as z from 'zod/mini';
import { parsedString } from '../parsed-string.ts';
import { duration, PERIOD_EXPECTED, parsePeriod } from '../time/duration.ts';
import { type Instant, instant, isBefore } from '../time/instant.ts';
import { scheduleIssues } from '../time/schedule.ts';
import type { WindowRule } from '../time/windows.ts';
import { type ApiTime, changesClocks, isTimeZone } from './api-time.ts';
import { type Endpoints, endpoints } from './endpoints.ts';
import { type Filters, filters } from './filters.ts';
import { idPattern, pattern, strictObject, wholeNumber } from './schema.ts';

/** One Workspace project in one region, with its credential, schedule, window settings and filters. */
export type Target = {
  id: string;
  region: string;
  /** Absent: the password credential is scoped by region name, and the reply with the token has the project id. */
  projectId?: string;
  /** Name or ARN of the secret. The secret itself has the kind of the credential. */
  credential: string;
  /** EventBridge Scheduler expression that `parseSchedule` reads, in `scheduleTimeZone`. */
  schedule: string;
  scheduleTimeZone: string;
  window: WindowRule;
  /** Where coverage begins; absent: the newest due window of the first run. */
  startAt?: Instant;
  /** The most export tasks for one window, counting tasks that Huawei accepts and that then fail. */
  maxAttempts: number;
  /** The most export tasks that alerts may order for this target in any hour. */
  maxAlertExports: number;
  filters: Filters;
  apiTime: ApiTime;
  endpoints: Endpoints;
  enabled: boolean;
};

/** A project id on Huawei Cloud: 1 to 128 characters (API definition WorkspaceApp/ExportUserConnection, path). */
export const PROJECT_ID = /^[A-Za-z0-9_-]{1,128}$/;

const CREDENTIAL = /^[\w/+=.@:-]{1,512}$/;

const schedule = z.string().check((context) => {
  for (const message of scheduleIssues(context.value)) {
    context.issues.push({ code: 'custom', input: context.value, message });
  }
});

const timeZone = z
  .string()
  .check(z.refine(isTimeZone, 'must be an IANA time zone such as UTC or Europe/Berlin'));

const windowRule = z.pipe(
  strictObject({
    every: z.prefault(parsedString(parsePeriod, PERIOD_EXPECTED), 'P1D'),
    time_zone: z.prefault(timeZone, 'UTC'),
    delay: z.prefault(duration({ atMostHours: 168 }), 'PT30M'),
    overlap: z.prefault(duration({ atMostHours: 24 }), 'PT0S'),
  }),
  z.transform(({ time_zone, ...rule }): WindowRule => ({ ...rule, timeZone: time_zone })),
);

// A local time without an offset must not mean two instants. No login before the first release is exported.
const FIRST_RELEASE = Temporal.Instant.from('2026-01-01T00:00Z');

const apiTime = z.pipe(
  strictObject({
    format: z.prefault(z.enum(['iso8601', 'blank'], 'must be iso8601 or blank'), 'iso8601'),
    time_zone: z.prefault(timeZone, 'UTC'),
  }).check(
    z.refine((time) => time.format === 'blank' || time.time_zone === 'UTC' || !isTimeZone(time.time_zone), {
      path: ['time_zone'],
      error: 'must be UTC with format iso8601, as only format blank has other zones',
    }),
    z.refine((time) => !isTimeZone(time.time_zone) || !changesClocks(time.time_zone, FIRST_RELEASE), {
      path: ['time_zone'],
      error: 'must be a zone whose clocks never change, such as UTC, because the blank format has no offset',
    }),
  ),
  z.transform(({ format, time_zone }): ApiTime => ({ format, timeZone: time_zone })),
);

// A person may write 9999-12-31 for "never". The setting for that is `enabled: false`.
const startAt = instant.check(
  z.refine(
    (at) => isBefore(at, Temporal.Instant.from('2200-01-01T00:00Z')),
    'must be a time before 2200, or left out: then coverage begins with the window of the first run',
  ),
);

/** A target in YAML, read into a `Target` with every default filled in. */
export const target = z.pipe(
  strictObject({
    id: idPattern,
    region: pattern(/^[a-z]{2}-[a-z]+-\d+$/, 'must be a region id such as ap-southeast-3'),
    project_id: z.optional(pattern(PROJECT_ID, 'must be 1 to 128 letters, digits, "_" or "-"')),
    credential: pattern(CREDENTIAL, 'must be the name or ARN of a secret, such as huawei/acme-prod'),
    schedule: z.prefault(schedule, 'cron(35 0 * * ? *)'),
    schedule_time_zone: z.prefault(timeZone, 'UTC'),
    window: z.prefault(windowRule, {}),
    start_at: z.prefault(z.nullable(startAt), null),
    max_attempts: z.prefault(wholeNumber({ atMost: 20 }), 5),
    max_alert_exports: z.prefault(wholeNumber({ atMost: 60 }), 12),
    filters: z.prefault(filters, {}),
    api_time: z.prefault(apiTime, {}),
    endpoints: z.prefault(endpoints, {}),
    enabled: z.prefault(z.boolean('must be true or false'), true),
  }),
  z.transform(
    ({
      project_id,
      schedule_time_zone,
      start_at,
      max_attempts,
      max_alert_exports,
      api_time,
      ...rest
    }): Target => ({
      ...rest,
      ...(project_id === undefined ? {} : { projectId: project_id }),
      ...(start_at === null ? {} : { startAt: start_at }),
      scheduleTimeZone: schedule_time_zone,
      maxAttempts: max_attempts,
      maxAlertExports: max_alert_exports,
      apiTime: api_time,
    }),
  ),
);
