import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import {
  CredentialError,
  type ExportError,
  MalformedReplyError,
  RefusedError,
} from '../../../lib/domain/errors.ts';
import { keyAuthorization } from '../../../lib/huawei/auth/authorization.ts';
import { canonicalRequest } from '../../../lib/huawei/auth/signer.ts';
import { readTaskPage, taskListRequest } from '../../../lib/huawei/calls/tasks.ts';
import { redactor } from '../../../lib/huawei/http/redact.ts';
import { targetAt } from '../../support/huawei/start-huawei.ts';

const origin = 'https://workspace.ap-southeast-3.myhuaweicloud.com';
const SECRET = 'fake-secret-7f3a';
const target = targetAt('http://127.0.0.1:9');
const TASK = { task_id: 't', status: 'SUCCESS', is_download: false };

const read = (status: number, body: unknown, host = origin) =>
  readTaskPage(
    { status, headers: {}, body: typeof body === 'string' ? body : JSON.stringify(body) },
    { target, origin: host, redact: redactor([SECRET]) },
  );

function failure(...reply: Parameters<typeof read>): ExportError {
  try {
    read(...reply);
  } catch (error) {
    return error as ExportError;
  }
  throw new Error('It was accepted.');
}

describe('the request for a page', () => {
  it('is one GET with the documented parameters', () => {
    const { method, url, body } = taskListRequest(origin, 'p', { isDownloaded: true, offset: 200 });
    expect({ method, url: url.href, body }).toEqual({
      method: 'GET',
      url: `${origin}/v2/p/export-tasks?is_download=true&sort_field=create_time&sort_type=DESC&offset=200&limit=100`,
      body: undefined,
    });
    expect(taskListRequest(origin, '../x?', { isDownloaded: true, offset: 0 }).url.pathname).toBe(
      '/v2/..%2Fx%3F/export-tasks',
    );
  });

  it('is signed with its query, sorted, and without a body', () => {
    const key = { kind: 'access_key' as const, access_key_id: 'FAKEKEY', secret_access_key: SECRET };
    const clock = () => Temporal.Instant.from('2026-11-23T00:35:00Z');
    const unsigned = taskListRequest(origin, 'p', { isDownloaded: false, offset: 100 });
    const skew = new Temporal.Duration();
    const { method, url, headers } = keyAuthorization(key, 'p', { clock, skew }).apply(unsigned);
    const { authorization, ...signed } = headers;
    expect(authorization).toContain('SignedHeaders=content-type;host;x-project-id;x-sdk-date,');
    expect(canonicalRequest({ method, url, headers: signed, body: '' })).toBe(
      [
        'GET',
        '/v2/p/export-tasks/',
        'is_download=false&limit=100&offset=100&sort_field=create_time&sort_type=DESC',
        'content-type:application/json',
        'host:workspace.ap-southeast-3.myhuaweicloud.com',
        'x-project-id:p',
        'x-sdk-date:20261123T003500Z',
        '',
        'content-type;host;x-project-id;x-sdk-date',
        'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      ].join('\n'),
    );
  });
});

describe('an answer with a list', () => {
  it('gives the tasks in its order, and how many there are on all pages', () => {
    const list = { export_tasks: [TASK, { ...TASK, task_id: 'u' }], count: 300 };
    const page = read(200, list);
    expect(page.tasks.map(({ taskId }) => taskId)).toEqual(['t', 'u']);
    expect(page.total).toBe(300);
  });

  it.each([
    { export_tasks: [], count: 0 },
    { export_tasks: null, count: 0 },
    { count: 0 },
    { export_tasks: [], count: 0, error_code: null, error_msg: null },
    { export_tasks: [], count: 0, error_code: '', more: 1 },
  ])('may be empty: %j', (list) => {
    expect(read(200, list)).toEqual({ tasks: [], total: 0 });
  });
});

describe('a status that nobody documented', () => {
  it('hides no other task of the page, and is kept without secrets', () => {
    const odd = { ...TASK, task_id: 'u', status: `PAUSED ${SECRET}` };
    const page = read(200, { export_tasks: [TASK, odd, { ...TASK, task_id: 'v' }], count: 3 });
    expect(page.tasks).toEqual([
      { taskId: 't', status: 'SUCCESS', isDownloaded: false },
      { taskId: 'u', status: 'OTHER', unknownStatus: 'PAUSED [redacted]', isDownloaded: false },
      { taskId: 'v', status: 'SUCCESS', isDownloaded: false },
    ]);
  });
});

describe('a task that cannot be read', () => {
  it.each([
    null,
    { ...TASK, task_id: 'x'.repeat(257) },
    { ...TASK, task_id: '' },
    { ...TASK, status: null },
    { ...TASK, is_download: SECRET },
  ])('hides no other task of the page, and keeps its place: %j', (odd) => {
    const page = read(200, { export_tasks: [TASK, odd, { ...TASK, task_id: 'v' }], count: 3 });
    expect(page.tasks.map(({ taskId, status }) => [taskId, status])).toEqual([
      ['t', 'SUCCESS'],
      ['', 'OTHER'],
      ['v', 'SUCCESS'],
    ]);
    expect(JSON.stringify(page)).not.toContain(SECRET);
  });
});

describe('an answer that is not the documented list', () => {
  it.each([
    ['', 'not JSON'],
    ['<html>', 'not JSON'],
    ['null', 'must be an object'],
    [[TASK], 'must be an object'],
    [{}, 'count is missing'],
    [{ export_tasks: [TASK] }, 'count is missing'],
    [{ export_tasks: [TASK], count: '1' }, 'count must be'],
    [{ export_tasks: [TASK], count: -1 }, 'count must not be negative'],
    [{ count: 1 }, 'export_tasks is missing'],
    [{ export_tasks: {}, count: 1 }, 'export_tasks must be a list'],
    [{ export_tasks: [null], count: 1 }, 'export_tasks[0] must be an object'],
    [{ export_tasks: [{ status: 'FAIL' }], count: 1 }, 'export_tasks[0].task_id is missing'],
    [{ export_tasks: [{ ...TASK, task_id: null }], count: 1 }, 'export_tasks[0].task_id must be text'],
    [{ export_tasks: [{ ...TASK, task_id: '' }], count: 1 }, 'export_tasks[0].task_id must not be blank'],
    [
      { export_tasks: [{ ...TASK, task_id: 'x'.repeat(257) }], count: 1 },
      'export_tasks[0].task_id must have at most 256',
    ],
    [{ export_tasks: [{ task_id: 't' }], count: 1 }, 'export_tasks[0].status must be text'],
    [{ export_tasks: [{ ...TASK, status: null }], count: 1 }, 'export_tasks[0].status must be text'],
    [{ export_tasks: [{ ...TASK, status: 7 }], count: 1 }, 'export_tasks[0].status must be text'],
    [{ export_tasks: [{ ...TASK, is_download: 'yes' }], count: 1 }, 'export_tasks[0].is_download must be'],
    [{ export_tasks: [], count: 0, error_code: 7 }, 'error_code must not be there'],
  ])('names the issue of %j', (body, issue) => {
    const error = failure(200, body);
    expect(error).toBeInstanceOf(MalformedReplyError);
    expect(error.message).toContain(issue);
    expect(error.message).toContain('workspace.ap-southeast-3.myhuaweicloud.com');
    expect(error.message).toContain('"acme"');
  });

  it('is a page of more tasks than any page has', () => {
    const error = failure(200, { export_tasks: Array.from({ length: 1_001 }, () => TASK), count: 1_001 });
    expect(error).toBeInstanceOf(MalformedReplyError);
    expect(error.message).toContain('export_tasks must have at most 1000 tasks');
  });

  it('is an error in a success, in the words of Huawei', () => {
    const error = failure(200, { export_tasks: [], count: 0, error_code: 'WKS.1', error_msg: 'abnormal' });
    expect(error).toBeInstanceOf(MalformedReplyError);
    expect(error.vendor).toEqual({ status: 200, code: 'WKS.1', message: 'abnormal' });
    expect(error.message).toContain('HTTP 200 WKS.1 "abnormal"');
  });

  it.each([201, 202, 204])('is a list with the status %i', (status) => {
    expect(failure(status, { export_tasks: [], count: 0 })).toBeInstanceOf(MalformedReplyError);
  });

  it('is told in a few words, without the body and without a secret in it', () => {
    const export_tasks = Array.from({ length: 100 }, () => ({
      status: ['x'.repeat(2_000)],
      is_download: SECRET,
    }));
    const { message } = failure(200, { export_tasks, count: 100 });
    expect(message).toContain('and 297 more');
    expect(message).not.toMatch(/xxx|fake/);
    expect(message.length).toBeLessThan(600);
    const { message: echoed } = failure(200, {
      export_tasks: [{ [SECRET]: 1 }],
      count: 1,
      error_code: SECRET,
    });
    expect(echoed).toContain('[redacted]');
    expect(echoed).not.toContain(SECRET);
  });
});

describe('a refusal of the list', () => {
  it.each([
    [400, { error_code: 'WKS.00170117' }, RefusedError, 'Workspace is open in this project'],
    [401, { error_code: 'APIGW.0301' }, CredentialError, 'Check the secret "huawei/acme"'],
    [403, { error_code: 'PAP5.0001' }, RefusedError, 'Allow workspace:tenants:listExportTasks'],
    [404, { error_code: 'WKS.1' }, RefusedError, 'project_id'],
    [404, { error_code: 'APIGW.0101' }, RefusedError, 'endpoints.tasks'],
    [405, {}, RefusedError, 'Ask Huawei'],
    [400, { export_tasks: [], count: 0 }, RefusedError, 'HTTP 400'],
  ])('by %i %j says what to do', (status, body, kind, words) => {
    const error = failure(status, body);
    expect(error).toBeInstanceOf(kind);
    expect(error.vendor?.status).toBe(status);
    expect(error.message).toContain(words);
    expect(error.message).toContain('refuses the list of export tasks for target "acme"');
  });

  it('by a host that does not know the call names the right one, unless it is the right one', () => {
    const unknown = { error_code: 'APIGW.0101', error_msg: 'The API does not exist' };
    expect(failure(404, unknown, 'https://appstream.example').message).toContain(
      `Remove endpoints.tasks of the target, or set it to ${origin}`,
    );
    expect(failure(404, unknown).message).not.toContain(`to ${origin}`);
  });
});
