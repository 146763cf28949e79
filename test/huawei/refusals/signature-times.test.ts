import { expect, it } from 'vitest';
import { refusal } from '../../../lib/huawei/refusals/refusal.ts';
import { signatureTimes } from '../../../lib/huawei/refusals/refusal-reason.ts';
import { targetAt } from '../../support/huawei/start-huawei.ts';

const said = (signed: string, server: string) =>
  `Incorrect IAM authentication information: calc aksk signature fail:signature expired, signature time:${signed},server time:${server}`;

const refuse = (message: string) =>
  refusal(
    { status: 401, code: 'APIGW.0301', message, requestId: 'r1' },
    {
      name: 'the export',
      target: targetAt('https://huawei.example'),
      origin: 'https://huawei.example',
      permission: 'p',
      whenInvalid: 'i',
      host: 'export',
    },
  );

it.each([
  ['20211217T064303Z', '20211217T065804Z', '15 min 1 s behind'],
  ['20211217T065804Z', '20211217T064303Z', '15 min 1 s ahead of'],
  ['20211216T064303Z', '20211218T094303Z', '2 d 3 h behind'],
])('a signature of %s at %s is a clock that is off, and no wrong secret', (signed, server, off) => {
  const error = refuse(said(signed, server));
  expect(error.kind).toBe('refused');
  expect(error.message).toContain(`${off} Huawei's clock, which said ${server.slice(0, 4)}-`);
  expect(error.message).not.toContain('Check the secret');
});

it.each([
  said('20211217T064303Z', 'soon'),
  said('20211317T064303Z', '20211217T065804Z'),
  'verify aksk signature fail',
])('"%s" is not', (message) => {
  expect(refuse(message).kind).toBe('credential');
});

it('the times are read of a 401 alone', () => {
  const message = said('20211217T064303Z', '20211217T065804Z');
  expect(signatureTimes({ status: 400, message })).toBeUndefined();
  expect(signatureTimes({ status: 401, message })).toBeDefined();
});
