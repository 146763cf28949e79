import * as z from 'zod/mini';
import type { Alert } from '../../../domain/alerts/alert.ts';
import { parsedString } from '../../../domain/parsed-string.ts';
import { INSTANT_EXPECTED, type Instant, instant, parseInstant } from '../../../domain/time/instant.ts';
import { oneLine } from '../../../domain/visible-text.ts';

/** What EventBridge says around every event: who sent it, where and when. */
export type Envelope = { source: string; account: string; region: string; time: Instant };

/** The envelope of an event, and when it came here. */
export type Arrival = Envelope & { arrivedAt: Instant };

/** What a finding says, once it is told what stood around it. Undefined when no time in either can be right. */
export type Reported = (arrival: Arrival) => Alert | undefined;

/** As long as EventBridge allows the source of an event. Source: EventBridge API reference, PutEventsRequestEntry. */
const LONGEST = 256;

/** Text of others with something in it, which may be kept and shown: on one line, and not endless. */
export const text = shownText(LONGEST);

/**
 * The name of a finding, within the 512 characters that Security Hub allows one.
 * Source: Security Hub API reference, AwsSecurityFinding, Id.
 */
export const findingId = shownText(512);

/** What an alert is about. Rules go by how it begins, so one without end is cut and not refused. */
export const typeText = z.string().check(
  z.overwrite((given) => cut(oneLine(given.trim().slice(0, LONGEST)))),
  z.minLength(1, 'must not be empty'),
);

/**
 * What an alert is about: as many types as Security Hub allows a finding, or else `otherwise`.
 * Source: Security Hub API reference, AwsSecurityFinding, Types.
 */
export function alertTypes(given: readonly string[] | null | undefined, otherwise: string): string[] {
  const types = given?.slice(0, 50) ?? [];
  return types.length > 0 ? types : [otherwise];
}

/** Other keys are ignored. `source` says who may send the event; absent, anybody may. */
export function envelope(source: string | undefined) {
  return z.object({
    source:
      source === undefined ? text : text.check(z.refine((given) => given === source, `must be ${source}`)),
    account: text,
    region: text,
    time: instant,
  });
}

/**
 * A time as findings write it: RFC 3339, or with an offset without a colon, as Security Hub allows. Null for the first
 * and the last year there is, which say that there is no time, also where an offset moves them out of all years.
 * Source: Security Hub API reference, Timestamps.
 */
export const findingTime = parsedString(
  (written) =>
    /^(000[01]|9999)-\d\d-\d\d/.test(written)
      ? null
      : parseInstant(written.replace(/([+-]\d\d)(\d\d)$/, '$1:$2')),
  INSTANT_EXPECTED,
);

// By whole characters: half of one steers, too.
function cut(given: string): string {
  return [...given].slice(0, LONGEST).join('');
}

function shownText(longest: number) {
  return z
    .string()
    .check(
      z.overwrite(oneLine),
      z.trim(),
      z.minLength(1, 'must not be empty'),
      z.maxLength(longest, `must have at most ${longest} characters`),
    );
}
