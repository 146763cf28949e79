import type { VendorReply } from '../domain/errors.ts';

/**
 * What a 401 asks for: `renew` the credential and try once more, `resign` with the server's clock and try once more,
 * or `stop`, because the same credential again would only lock the account or the key.
 */
export type Remedy = 'renew' | 'resign' | 'stop';

/**
 * Reads a 401. The codes are few and shared, so the message decides.
 * Sources: gateway error pages of Huawei Cloud and Open Telekom Cloud (same gateway), OCR FAQ, SDK issue threads.
 */
export function classify401({ code = '', message = '' }: VendorReply): Remedy {
  if (/signature expired/i.test(message)) return 'resign';
  if (FINAL.test(message)) return 'stop';
  return RENEWABLE.test(code) ? 'renew' : 'stop';
}

// A wrong or blocked key, or a request without a credential: nothing a new token or a new date would fix.
const FINAL =
  /aksk signature fail|ak not exist|ak \S+ not exist|failed to reach the limit|x-auth-token not found|locked/i;

// The gateway calls itself APIGW on the public cloud and APIG elsewhere; the IAM codes come from IAM itself.
const RENEWABLE = /^(APIGW?\.030[17]|IAM\.00(01|66|67)|WKS\..*)$/;
