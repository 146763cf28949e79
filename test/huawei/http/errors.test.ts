import { describe, expect, it } from 'vitest';
import { readErrorReply, vendorText } from '../../../lib/huawei/http/errors.ts';
import { redactor } from '../../../lib/huawei/http/redact.ts';

const SECRET = 'fake-secret-7f3a';
const redact = redactor([SECRET]);
const read = (body: unknown, headers: Record<string, string> = {}) =>
  readErrorReply(
    { status: 401, headers, body: typeof body === 'string' ? body : JSON.stringify(body) },
    redact,
  );

describe('what Huawei said', () => {
  it('is read from the shape of Workspace and the gateway', () => {
    const body = { error_code: 'APIGW.0301', error_msg: 'token expires', request_id: 'r-1' };
    expect(read(body)).toEqual({
      status: 401,
      code: 'APIGW.0301',
      message: 'token expires',
      requestId: 'r-1',
    });
  });

  it('is read from the shape of IAM, whose code may be a number', () => {
    const body = { error: { code: 401, message: 'The account is locked.', title: 'Unauthorized' } };
    expect(read(body)).toEqual({ status: 401, code: '401', message: 'The account is locked.' });
  });

  it('has the request id of the header when the body has none', () => {
    expect(read({ error_code: 'X' }, { 'x-request-id': 'r-2' })).toMatchObject({ requestId: 'r-2' });
    expect(read({ request_id: 'r-1' }, { 'x-request-id': 'r-2' })).toMatchObject({ requestId: 'r-1' });
  });

  it('is the status alone when the body is anything else', () => {
    for (const body of ['<html>', '', '[]', 'null']) expect(read(body)).toEqual({ status: 401 });
  });

  it('is kept without the secrets that it quotes, in either shape', () => {
    const echoed = `bad X-Auth-Token: ${SECRET}`;
    const said = [read({ error_msg: echoed }), read({ error: { code: 'x', message: echoed } })];
    expect(said.map(({ message }) => message)).toEqual([
      'bad X-Auth-Token: [redacted]',
      'bad X-Auth-Token: [redacted]',
    ]);
  });

  it('is cut only after the secrets are out, so that no half of one is left', () => {
    const { message = '' } = read({ error_msg: `${'x'.repeat(490)}${SECRET}` });
    expect(message).toHaveLength(500);
    expect(message).not.toContain('fake');
  });
});

it('one line for people has all that is known', () => {
  expect(vendorText({ status: 403, code: 'PAP5.0001', message: 'no', requestId: 'r' })).toBe(
    'HTTP 403 PAP5.0001 "no" (request r)',
  );
  expect(vendorText({ status: 502 })).toBe('HTTP 502');
  expect(vendorText({ status: 401, code: '401', message: 'no' })).toBe('HTTP 401 "no"');
});
