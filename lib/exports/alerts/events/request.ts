import * as z from 'zod/mini';
import type { Alert, RequestedExport } from '../../../domain/alerts/alert.ts';
import { filters } from '../../../domain/input/filters.ts';
import { strictObject } from '../../../domain/input/schema.ts';
import { earlier, type Instant, instant, isAfter, isBefore, later } from '../../../domain/time/instant.ts';
import { activityPeriod, EARLIEST } from './activity-period.ts';
import { findingId, type ReportedFinding } from './envelope.ts';

export const EXPORT_REQUESTED = 'Login Export Requested';

// As many targets as a file may well have, and the longest id of a target.
const MOST_TARGETS = 1_000;
const LONGEST_ID = 63;

/**
 * The detail of a `Login Export Requested`, which asks for an export explicitly. The format is ours and somebody wrote the
 * detail for us, so an unknown key is an issue, unlike in the findings of others: ignoring a misspelt `target_ids` or
 * `from` would export something else in silence. A time that is not plausible is an issue too; in a finding it counts as
 * not given.
 */
export function exportRequest(arrivedAt: Instant) {
  return z.pipe(
    strictObject({
      reference: findingId,
      target_ids: z.optional(
        z
          .array(
            z
              .string()
              .check(
                z.minLength(1, 'must not be empty'),
                z.maxLength(LONGEST_ID, `must have at most ${LONGEST_ID} characters, as ids of targets do`),
              ),
          )
          .check(
            z.minLength(1, 'must list at least one target; leave it out for those that the rules say'),
            z.maxLength(
              MOST_TARGETS,
              `must list at most ${MOST_TARGETS} targets; leave it out for all of a rule`,
            ),
          ),
      ),
      from: z.optional(fromUntil(arrivedAt)),
      to: z.optional(toUntil(arrivedAt.add(FURTHEST_AHEAD))),
      filters: z.optional(filters),
    }).check(
      z.refine(({ from, to }) => !from || !to || isAfter(to, from), {
        path: ['to'],
        error: 'must be after from',
      }),
    ),
    z.transform(({ reference, target_ids: targetIds, ...given }): ReportedFinding => {
      const requested: RequestedExport = {
        ...(targetIds && { targetIds }),
        ...(given.from && { from: given.from }),
        ...(given.to && { to: given.to }),
        ...(given.filters && { filters: given.filters }),
      };
      return ({ source, account, region, time }) => {
        const sent = activityPeriod({ first: [], last: [] }, { time, arrivedAt })?.lastSeen;
        if (!sent) return undefined;
        return {
          id: reference,
          source,
          account,
          region,
          types: [EXPORT_REQUESTED],
          // Somebody asks for it: no rule may ignore it.
          severity: 'critical',
          ...seen(requested, sent),
          named: {},
          requested,
        };
      };
    }),
  );
}

/** Huawei keeps records for 30 days: the first records of a longer window would be deleted before its end. */
const FURTHEST_AHEAD = { hours: 31 * 24 };

function fromUntil(arrivedAt: Instant) {
  return notTooOld().check(
    z.refine((from) => !isAfter(from, arrivedAt), `must not be in the future (it is ${second(arrivedAt)})`),
  );
}

function toUntil(furthest: Instant) {
  const expected = `must be at most 31 days ahead: ${second(furthest)} or before`;
  return notTooOld().check(z.refine((to) => !isAfter(to, furthest), expected));
}

function notTooOld() {
  return instant.check(z.refine((time) => !isBefore(time, EARLIEST), 'must be in 2000 or later'));
}

function second(time: Instant): string {
  return time.round({ smallestUnit: 'second', roundingMode: 'floor' }).toString();
}

function seen({ from, to }: RequestedExport, sent: Instant): Pick<Alert, 'firstSeen' | 'lastSeen'> {
  return {
    firstSeen: from ?? (to ? earlier(to, sent) : sent),
    lastSeen: to ?? (from ? later(from, sent) : sent),
  };
}
