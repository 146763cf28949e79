import * as z from 'zod/mini';
import type { Alert, AskedExport } from '../../../domain/alerts/alert.ts';
import { filters } from '../../../domain/input/filters.ts';
import { strictObject } from '../../../domain/input/schema.ts';
import { earlier, type Instant, instant, isAfter, isBefore, later } from '../../../domain/time/instant.ts';
import { findingId, type Reported } from './envelope.ts';
import { activityPeriod, EARLIEST } from './fields.ts';

export const EXPORT_REQUESTED = 'Login Export Requested';

// As many as a file of targets may well have, and as long as their ids may be.
const MOST_TARGETS = 1_000;
const LONGEST_ID = 63;

/**
 * The detail of a `Login Export Requested`: what is asked for outright. Machines send this one too, but in words that
 * are ours and that somebody wrote for us; so a key it does not know is an issue, unlike in the findings of others. A
 * misspelt `target_ids` or `from` that is passed over exports something else than was asked for, and nobody is told.
 * So is a time that cannot be meant, where in a finding it counts as not given.
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
    z.transform(({ reference, target_ids: targetIds, ...given }): Reported => {
      const asked: AskedExport = {
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
          // Somebody asks for it: no rule may think it too small.
          severity: 'critical',
          ...seen(asked, sent),
          named: {},
          asked,
        };
      };
    }),
  );
}

/** Huawei keeps records for 30 days: of a longer window the beginning would be gone before its end has come. */
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

function seen({ from, to }: AskedExport, sent: Instant): Pick<Alert, 'firstSeen' | 'lastSeen'> {
  return {
    firstSeen: from ?? (to ? earlier(to, sent) : sent),
    lastSeen: to ?? (from ? later(from, sent) : sent),
  };
}
