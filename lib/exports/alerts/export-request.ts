import * as z from 'zod/mini';
import type { Alert, AskedExport } from '../../domain/alert.ts';
import { filters } from '../../domain/filters.ts';
import { earlier, type Instant, instant, isAfter, later } from '../../domain/instant.ts';
import { writtenObject } from '../../domain/written-object.ts';
import { findingId, type Reported } from './event-envelope.ts';

export const EXPORT_REQUESTED = 'Login Export Requested';

/**
 * The detail of a `Login Export Requested`: what is asked for outright. Machines send this one too, but in words that
 * are ours and that somebody wrote for us; so a key it does not know is a fault, unlike in the findings of others. A
 * misspelt `target_ids` or `from` that is passed over exports something else than was asked for, and nobody is told.
 */
export const exportRequest = z.pipe(
  writtenObject({
    reference: findingId,
    target_ids: z.optional(
      z
        .array(z.string().check(z.minLength(1, 'must not be empty')))
        .check(z.minLength(1, 'must list at least one target; leave it out for those that the rules say')),
    ),
    from: z.optional(instant),
    to: z.optional(instant),
    filters: z.optional(filters),
  }).check(
    z.refine(({ from, to }) => !from || !to || isAfter(to, from), {
      path: ['to'],
      error: 'must be after from',
    }),
  ),
  z.transform(({ reference, target_ids: targetIds, ...given }): Reported => {
    const asked: AskedExport = {
      ...(targetIds && { targetIds: [...new Set(targetIds)] }),
      ...(given.from && { from: given.from }),
      ...(given.to && { to: given.to }),
      ...(given.filters && { filters: given.filters }),
    };
    return ({ time, ...envelope }) => ({
      ...envelope,
      id: reference,
      types: [EXPORT_REQUESTED],
      // Somebody asks for it: no rule may think it too small.
      severity: 'critical',
      ...seen(asked, time),
      named: {},
      asked,
    });
  }),
);

function seen({ from, to }: AskedExport, sent: Instant): Pick<Alert, 'firstSeen' | 'lastSeen'> {
  return {
    firstSeen: from ?? (to ? earlier(to, sent) : sent),
    lastSeen: to ?? (from ? later(from, sent) : sent),
  };
}
