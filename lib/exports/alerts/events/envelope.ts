import * as z from 'zod/mini';
import type { Alert } from '../../../domain/alerts/alert.ts';
import { parsedString } from '../../../domain/parsed-string.ts';
import { INSTANT_EXPECTED, type Instant, instant, parseInstant } from '../../../domain/time/instant.ts';
import { oneLine } from '../../../domain/visible-text.ts';

/** What EventBridge adds to every event: who sent it, where and when. */
export type Envelope = { source: string; account: string; region: string; time: Instant };

/** The envelope of an event, and when the event arrived here. */
export type Arrival = Envelope & { arrivedAt: Instant };

/** Makes an alert of a finding, given the event's envelope. Undefined when no time in either is plausible. */
export type ReportedFinding = (arrival: Arrival) => Alert | undefined;

/** The longest source of an event in EventBridge. Source: EventBridge API reference, PutEventsRequestEntry. */
const LONGEST = 256;

/** Text of others that may be stored and shown: not empty, on one line, and of limited length. */
export const text = shownText(LONGEST);

/**
 * The id of a finding, within the 512 characters that Security Hub allows one.
 * Source: Security Hub API reference, AwsSecurityFinding, Id.
 */
export const findingId = shownText(512);

/** The type of an alert. Rules match its beginning, so a type that is too long is cut and not refused. */
export const typeText = z.string().check(
  z.overwrite((given) => cut(oneLine(given.trim().slice(0, LONGEST)))),
  z.minLength(1, 'must not be empty'),
);

/**
 * The types of an alert: at most as many as Security Hub allows a finding; `otherwise` where there is none.
 * Source: Security Hub API reference, AwsSecurityFinding, Types.
 */
export function alertTypes(given: readonly string[] | null | undefined, otherwise: string): string[] {
  const types = given?.slice(0, 50) ?? [];
  return types.length > 0 ? types : [otherwise];
}

/** Unknown keys are ignored. `source`: the only source that may send the event; absent: any source may. */
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
 * A time in a finding: RFC 3339, or with an offset without a colon, as Security Hub allows. Null for the years 0000, 0001
 * and 9999, which mean that there is no time.
 * Source: Security Hub API reference, Timestamps.
 */
export const findingTime = parsedString(
  (written) =>
    /^(000[01]|9999)-\d\d-\d\d/.test(written)
      ? null
      : parseInstant(written.replace(/([+-]\d\d)(\d\d)$/, '$1:$2')),
  INSTANT_EXPECTED,
);

// By whole characters: half of a surrogate pair is a control character, too.
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
