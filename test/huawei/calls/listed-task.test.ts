import { describe, expect, it } from 'vitest';
import { exportTaskOf, listedTask } from '../../../lib/huawei/calls/listed-task.ts';
import { redactor } from '../../../lib/huawei/http/redact.ts';

const SECRET = 'fake-secret-7f3a';
const redact = redactor([SECRET]);
const read = (item: object) =>
  exportTaskOf(listedTask.parse({ task_id: 't', status: 'SUCCESS', ...item }), redact);
const createdAt = (create_time: unknown) => read({ create_time }).createdAt?.toString();

describe('the time of a task', () => {
  it.each([
    ['2026-11-23T00:35:00.123Z', '2026-11-23T00:35:00.123Z'],
    ['2026-11-23T00:35:00.123+0000', '2026-11-23T00:35:00.123Z'],
    ['2026-11-23T00:35:00.123+00:00', '2026-11-23T00:35:00.123Z'],
    ['2026-11-23T08:35:00.123+0800', '2026-11-23T00:35:00.123Z'],
    ['2026-11-22T19:05:00-05:30', '2026-11-23T00:35:00Z'],
    ['2026-11-23T00:35:00Z', '2026-11-23T00:35:00Z'],
    ['2026-11-23T00:35:00.123', '2026-11-23T00:35:00.123Z'],
    ['2026-11-23 00:35:00', '2026-11-23T00:35:00Z'],
    ['2026-11-23 00:35:00.123', '2026-11-23T00:35:00.123Z'],
  ])('is read from %s', (written, meant) => {
    expect(createdAt(written)).toBe(meant);
  });

  it.each([
    undefined,
    null,
    '',
    'yesterday',
    '2026-11-23',
    '2026-13-23T00:35:00Z',
    '2026-11-23T00:35:00+9900',
    '2026-11-23T00:35:00Z[UTC]',
    1_795_394_100_000,
    {},
  ])('is left out when it is %j', (written) => {
    expect(read({ create_time: written })).toEqual({ taskId: 't', status: 'SUCCESS', isDownloaded: false });
  });
});

describe('where a task stands', () => {
  it.each(['CREATING', 'SUCCESS', 'FAIL', 'EXPIRED'])('is taken over when it is %s', (status) => {
    expect(read({ status }).status).toBe(status);
  });

  it.each([
    ['PAUSED', 'PAUSED'],
    ['success', 'success'],
    [' SUCCESS', ' SUCCESS'],
    ['', ''],
    [SECRET, '[redacted]'],
    ['constructor', 'constructor'],
    ['x'.repeat(65), 'x'.repeat(64)],
  ])('is some other status, and no end, when it is %j, and is told as %j', (status, unknownStatus) => {
    expect(read({ status, fail_reason: SECRET, error_code: SECRET })).toEqual({
      taskId: 't',
      status: 'OTHER',
      unknownStatus,
      isDownloaded: false,
    });
  });

  it.each([undefined, null, 1, {}])('is not guessed from %j', (status) => {
    expect(listedTask.safeParse({ task_id: 't', status }).success).toBe(false);
  });
});

describe('whether a task was downloaded', () => {
  it.each([
    [true, true],
    ['true', true],
    [false, false],
    ['false', false],
    [null, false],
    [undefined, false],
  ])('is read from %j', (is_download, isDownloaded) => {
    expect(read({ is_download }).isDownloaded).toBe(isDownloaded);
  });

  it.each(['yes', 'TRUE', 1, {}])('is not guessed from %j', (is_download) => {
    expect(listedTask.safeParse({ task_id: 't', status: 'EXPIRED', is_download }).success).toBe(false);
  });
});

describe('why a task failed', () => {
  const failed = (item: object) => read({ status: 'FAIL', ...item });

  it('is told by reason and code', () => {
    expect(failed({ fail_reason: 'too many rows', error_code: 'WKS.1' })).toMatchObject({
      failReason: 'too many rows',
      errorCode: 'WKS.1',
    });
    expect(failed({ error_code: 500 })).toMatchObject({ errorCode: '500' });
  });

  it.each([undefined, null, '', {}])('is left out when it is %j', (said) => {
    expect(failed({ fail_reason: said, error_code: said })).toEqual({
      taskId: 't',
      status: 'FAIL',
      isDownloaded: false,
    });
  });

  it('is left out of a task that did not fail', () => {
    expect(read({ fail_reason: 'none', error_code: '0' })).not.toHaveProperty('failReason');
    expect(read({ fail_reason: 'none', error_code: '0' })).not.toHaveProperty('errorCode');
  });

  it('is cut, and only after the secrets are out', () => {
    const { failReason = '', errorCode = '' } = failed({
      fail_reason: `${'x'.repeat(490)}${SECRET}`,
      error_code: `${'x'.repeat(90)}${SECRET}`,
    });
    expect([failReason.length, errorCode.length]).toEqual([500, 100]);
    expect(failReason + errorCode).not.toContain('fake');
  });
});

it('fields that nobody documented are not looked at', () => {
  expect(read({ enterprise: { id: 1 }, file_name: null, end_time: 'x' })).toEqual({
    taskId: 't',
    status: 'SUCCESS',
    isDownloaded: false,
  });
});
