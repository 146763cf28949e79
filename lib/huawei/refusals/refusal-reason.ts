import type { VendorReply } from '../../domain/errors.ts';
import { type Instant, parseInstant } from '../../domain/time/instant.ts';

/** What Huawei means by a refusal. This file is the one place that reads Huawei's codes and texts. */
export type RefusalReason =
  /** The host does not have the call. */
  | 'wrong_host'
  /** The project is not of this region, or not one that the user may use. */
  | 'foreign_project'
  /** Workspace is not open in the project. */
  | 'not_open'
  /** The signature was made by a clock that is off. */
  | 'signature_expired'
  | 'account_locked'
  /** Too many wrong signatures. */
  | 'key_blocked'
  | 'key_unknown'
  | 'key_wrong'
  /** Another token may be accepted. */
  | 'token_rejected'
  /** Any other 401. */
  | 'unauthorized'
  /** By HTTP status alone: 400, 403, 404, and the rest. */
  | 'invalid'
  | 'forbidden'
  | 'not_found'
  | 'other';

/** Reads a refusal. Huawei's WKS codes are not trustworthy, so for all but a few the status decides. */
export function refusalReason(vendor: VendorReply): RefusalReason {
  const { status, code = '' } = vendor;
  const byCode = CODES.find(({ form }) => form.test(code));
  if (byCode) return byCode.reason;
  switch (status) {
    case 400:
      return 'invalid';
    case 401:
      return unauthorizedReason(vendor);
    case 403:
      return 'forbidden';
    case 404:
      return 'not_found';
    default:
      return 'other';
  }
}

/**
 * What to do after a 401: `renew` the credential and try once more, `sign_again` with the server's clock and try once more,
 * or `stop`, because the same credential again would only lock the account or the key.
 */
export function classify401(vendor: VendorReply): 'renew' | 'sign_again' | 'stop' {
  switch (unauthorizedReason(vendor)) {
    case 'signature_expired':
      return 'sign_again';
    case 'token_rejected':
      return 'renew';
    default:
      return 'stop';
  }
}

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

// The gateway calls itself APIGW on the public cloud and APIG elsewhere (error pages of Huawei Cloud and of Open Telekom
// Cloud, which has the same gateway). The WKS codes, seen by Huawei's Terraform provider: no tenant, no user of the
// tenant, the service is disabled.
const CODES: readonly { form: RegExp; reason: RefusalReason }[] = [
  { form: /^APIGW?\.0101$/, reason: 'wrong_host' },
  { form: /^APIGW?\.(0310|0802)$/, reason: 'foreign_project' },
  { form: /^WKS\.(00170117|00170312|00010099)$/, reason: 'not_open' },
];

// The codes of a 401 are few and shared, so the text decides first. Sources: error pages of the gateway as above, Huawei's
// OCR FAQ, issues of its SDKs.
function unauthorizedReason({ code = '', message = '' }: VendorReply): RefusalReason {
  const byText = TEXTS.find(({ form }) => form.test(message));
  if (byText) return byText.reason;
  return RENEWABLE.test(code) ? 'token_rejected' : 'unauthorized';
}

// "signature expired" comes together with "aksk signature fail".
const TEXTS: readonly { form: RegExp; reason: RefusalReason }[] = [
  { form: /signature expired/i, reason: 'signature_expired' },
  { form: /failed to reach the limit/i, reason: 'key_blocked' },
  { form: /ak (\S+ )?not exist/i, reason: 'key_unknown' },
  { form: /aksk signature fail/i, reason: 'key_wrong' },
  { form: /locked/i, reason: 'account_locked' },
  { form: /x-auth-token not found/i, reason: 'unauthorized' },
];

// The IAM codes come from IAM itself.
const RENEWABLE = /^(APIGW?\.030[17]|IAM\.00(01|66|67)|WKS\..*)$/;

const TIMES = /signature time:\s*(?<signed>\d{8}T\d{6}Z)\s*,\s*server time:\s*(?<server>\d{8}T\d{6}Z)/i;

function instantOf(compact = ''): Instant | undefined {
  return parseInstant(compact.replace(/^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)/, '$1-$2-$3:$4:'));
}
