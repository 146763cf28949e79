import type { VendorReply } from '../../domain/errors.ts';
import { type Instant, parseInstant } from '../../domain/time/instant.ts';

/** When a request was signed by our clock, and when it arrived by Huawei's. */
export type SignatureTimes = { signed: Instant; server: Instant };

/**
 * The two times in the refusal of a signature that was too old or too new, or undefined for another refusal. The text is
 * "… signature expired, signature time:20211217T064303Z,server time:20211217T065804Z" (huaweicloud-sdk-java-v3, issue
 * 44; Huawei's API gateway documentation of APIG.0303).
 */
export function signatureTimes({ status, message = '' }: VendorReply): SignatureTimes | undefined {
  const times = status === 401 ? TIMES.exec(message)?.groups : undefined;
  const [signed, server] = [times?.['signed'], times?.['server']].map(instantOf);
  return signed && server ? { signed, server } : undefined;
}

const TIMES = /signature time:\s*(?<signed>\d{8}T\d{6}Z)\s*,\s*server time:\s*(?<server>\d{8}T\d{6}Z)/i;

function instantOf(compact = ''): Instant | undefined {
  return parseInstant(compact.replace(/^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)/, '$1-$2-$3:$4:'));
}
