import { describe, expect, it } from 'vitest';
import {
  CredentialError,
  type ExportError,
  MalformedReplyError,
  RefusedError,
} from '../../../lib/domain/errors.ts';
import { exportRequest, readTaskId } from '../../../lib/huawei/calls/export.ts';
import { redactor } from '../../../lib/huawei/http/redact.ts';
import { targetAt } from '../../support/huawei/start-huawei.ts';

const origin = 'https://workspace.ap-southeast-3.myhuaweicloud.com';
const context = { target: targetAt('http://127.0.0.1:9'), origin, redact: redactor([]) };
const read = (status: number, body: unknown) =>
  readTaskId({ status, headers: {}, body: JSON.stringify(body) }, context);

function refusal(status: number, body: unknown): ExportError {
  try {
    read(status, body);
  } catch (error) {
    return error as ExportError;
  }
  throw new Error('It was accepted.');
}

describe('an answer to the export call', () => {
  it.each([
    [200, { task_id: 't' }],
    [200, { task_id: 't', error_code: null }],
    [200, { task_id: 't', error_code: '' }],
    [201, { task_id: 't' }],
    [202, { task_id: 't' }],
    [299, { task_id: 't' }],
  ])('is a success: %i %j', (status, body) => {
    expect(read(status, body)).toBe('t');
  });

  it('has an id of at most 256 characters', () => {
    expect(read(200, { task_id: 'x'.repeat(256) })).toHaveLength(256);
    expect(refusal(200, { task_id: 'x'.repeat(257) })).toBeInstanceOf(MalformedReplyError);
  });

  it.each([
    [200, { task_id: 't', error_code: 'WKS.0001', error_msg: 'no' }, RefusedError],
    [200, { task_id: '' }, MalformedReplyError],
    [200, {}, MalformedReplyError],
    [202, {}, MalformedReplyError],
    [204, { task_id: ' \n\t' }, MalformedReplyError],
    [202, { task_id: 't', error_code: 'WKS.0001' }, RefusedError],
    [300, { task_id: 't' }, RefusedError],
    [400, { task_id: 't' }, RefusedError],
    [401, { task_id: 't' }, CredentialError],
  ])('is no success: %i %j', (status, body, kind) => {
    expect(refusal(status, body)).toBeInstanceOf(kind);
  });

  it('of a host that does not know the call names the other host', () => {
    const { message } = refusal(404, { error_code: 'APIGW.0101', error_msg: 'The API does not exist' });
    expect(message).toContain('https://appstream.ap-southeast-3.myhuaweicloud.com');
  });

  it('of a wrong project names the project_id', () => {
    expect(refusal(404, { error_code: 'WKS.0404' }).message).toContain('project_id');
  });
});

it('the export call is one POST of JSON for the project', () => {
  const request = exportRequest(origin, 'p', { user_name: 'x' });
  expect({ ...request, url: request.url.href }).toEqual({
    method: 'POST',
    url: `${origin}/v1/p/session/user-connection/export`,
    headers: { 'content-type': 'application/json' },
    body: '{"user_name":"x"}',
  });
  expect(exportRequest(origin, 'p', {}).body).toBe('{}');
  expect(exportRequest(origin, '../x?', {}).url.pathname).toBe(
    '/v1/..%2Fx%3F/session/user-connection/export',
  );
});
