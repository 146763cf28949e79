import * as z from 'zod/mini';
import { sentTimes } from '../domain/api-time.ts';
import { InputError, RefusedError } from '../domain/errors.ts';
import { FILTER_LENGTHS } from '../domain/filters.ts';
import { type Instant, isBefore } from '../domain/instant.ts';
import { issuesOf } from '../domain/issues.ts';
import { RETENTION } from '../domain/retention.ts';
import type { Target } from '../domain/target.ts';
import type { ExportRequest } from '../ports.ts';

const time = z.string().check(z.regex(/^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ| \d\d:\d\d:\d\d)$/));

const filterFields = Object.fromEntries(
  Object.entries(FILTER_LENGTHS).map(([name, longest]) => [
    name,
    z.optional(z.string().check(z.maxLength(longest))),
  ]),
);

/**
 * The body of the export call: twenty optional strings (API definition WorkspaceApp/ExportUserConnection, 2026-02-06).
 * The two login times go together; without them Huawei would take the last month.
 */
const exportBody = z
  .strictObject({
    ...filterFields,
    update_time: z.optional(time),
    login_start_time: z.optional(time),
    login_end_time: z.optional(time),
  })
  .check(
    z.refine((body) => (body.login_start_time === undefined) === (body.login_end_time === undefined), {
      path: ['login_end_time'],
      error: 'must be given together with login_start_time, or neither of them',
    }),
  );

export type ExportBody = z.output<typeof exportBody>;

/** Checks a body as Huawei documents it, before anything is sent. Throws one `InputError` with every issue. */
export function checkExportBody(body: unknown): ExportBody {
  const result = exportBody.safeParse(body);
  if (result.success) return result.data;
  throw new InputError('The export request is not one that Huawei accepts:', issuesOf(result.error));
}

/** The body for a request of a target, checked. An empty filter set is an object with the two times alone. */
export function exportBodyFor(target: Target, request: ExportRequest, now: Instant) {
  checkRetention(request.span.start, now);
  const { loginStartTime, loginEndTime } = sentTimes(request.span, target.apiTime);
  const times = { login_start_time: loginStartTime, login_end_time: loginEndTime };
  checkExportBody({ ...request.filters, ...times });
  return { ...request.filters, ...times };
}

// Only what is younger can be exported (same source). Asking for more would be answered with less, or not at all.
function checkRetention(start: Instant, now: Instant): void {
  const cutoff = now.subtract(RETENTION);
  if (!isBefore(start, cutoff)) return;
  const kept = `Huawei keeps login records 30 days, which is since ${cutoff.round('second')}`;
  throw new RefusedError(`An export from ${start} on was not asked for: ${kept}.`);
}
