import * as z from 'zod/mini';
import type { Alert } from '../../domain/alert.ts';
import { INSTANT_EXPECTED, type Instant, instant, parseInstant } from '../../domain/instant.ts';
import { parsed } from '../../domain/parsed.ts';

/** What EventBridge says around every event: who sent it, where and when. */
export type Envelope = { source: string; account: string; region: string; time: Instant };

/** What a finding says, once it is told what stood around it. */
export type Reported = (envelope: Envelope) => Alert;

/** Text with something in it. */
export const text = z.string().check(z.trim(), z.minLength(1, 'must not be empty'));

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
 * The name of a finding, within the 512 characters that Security Hub allows one.
 * Source: Security Hub API reference, AwsSecurityFinding, Id.
 */
export const findingId = text.check(z.maxLength(512, 'must have at most 512 characters'));

/**
 * A time as findings write it: RFC 3339, or with an offset without a colon, as Security Hub allows.
 * Source: Security Hub API reference, Timestamps.
 */
export const findingTime = parsed(
  (written) => parseInstant(written.replace(/([+-]\d\d)(\d\d)$/, '$1:$2')),
  INSTANT_EXPECTED,
);
