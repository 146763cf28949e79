import { expect, it } from 'vitest';
import { classify401 } from '../../../lib/huawei/refusals/refusal-reason.ts';

const incorrect = 'Incorrect IAM authentication information: ';

it.each([
  ['APIGW.0301', `${incorrect}token expires, expires_at: 2026-11-22T00:00:00Z`, 'renew'],
  ['APIG.0301', `${incorrect}decrypt token fail`, 'renew'],
  ['APIGW.0301', `${incorrect}x-auth-token not found`, 'stop'],
  ['APIGW.0301', `${incorrect}verify aksk signature fail`, 'stop'],
  [
    'APIGW.0301',
    `${incorrect}calc aksk signature fail:signature expired, signature time:1, server time:2`,
    'sign_again',
  ],
  ['APIGW.0301', `${incorrect}ak AKEXAMPLE not exist`, 'stop'],
  ['APIGW.0301', `${incorrect}Get secretKey failed,ak:AKEXAMPLE,err:ak not exist`, 'stop'],
  ['APIGW.0301', `${incorrect}AK access failed to reach the limit,forbidden`, 'stop'],
  ['APIGW.0307', 'The token must be updated.', 'renew'],
  ['IAM.0066', 'The token has expired.', 'renew'],
  ['IAM.0067', 'Invalid token.', 'renew'],
  ['WKS.00211302', 'User authorization error.', 'renew'],
  ['401', 'The account is locked.', 'stop'],
  [undefined, undefined, 'stop'],
])('401 %s "%s" asks to %s', (code, message, remedy) => {
  expect(classify401({ status: 401, ...(code ? { code } : {}), ...(message ? { message } : {}) })).toBe(
    remedy,
  );
});
