import { describe, expect, it } from 'vitest';
import { errorDocument, errorStatus, reportStatus } from '../../../lib/cli/context/exit.ts';
import { InputError, RefusedError } from '../../../lib/domain/errors.ts';
import type { FailedWindow, TargetReport } from '../../../lib/exports/window/run-report.ts';

const running = new AbortController().signal;
const input = new InputError('Invalid file:', [{ path: 'targets[0].id', message: 'is missing' }]);

function report(differing: Partial<TargetReport> = {}): TargetReport {
  const none = { published: 0, already_covered: 0, deferred: 0, failed: [], confirmed: 0, lost: [] };
  return { target_id: 'acme', planned: 1, ...none, ...differing };
}

const failed = (kind: string): FailedWindow => ({
  window: { start: '2026-11-22T00:00:00Z', end: '2026-11-23T00:00:00Z' },
  kind,
  message: 'No.',
});

const LOST = { start: '2026-10-22T00:00:00Z', end: '2026-10-23T00:00:00Z' };

describe('the exit status', () => {
  it.each([
    ['published', [report({ published: 1 })], 0],
    ['exported before', [report({ already_covered: 1 })], 0],
    ['left to another run', [report({ deferred: 1 })], 1],
    ['found to be lost', [report({ lost: [LOST] })], 1],
    ['lost, beside settings at issue', [report({ lost: [LOST], failed: [failed('input')] })], 1],
    ['refused', [report({ failed: [failed('refused')] })], 1],
    ['prevented by settings alone', [report({ failed: [failed('input')] }), report({ published: 1 })], 2],
    [
      'prevented by settings and by Huawei',
      [report({ failed: [failed('input')] }), report({ failed: [failed('refused')] })],
      1,
    ],
  ])('of windows that were %s', (_, reports, status) => {
    expect(reportStatus(reports)).toBe(status);
  });

  it.each([
    ['wrong input', input, running, 2],
    ['another error', new RefusedError('No.'), running, 1],
    ['something unforeseen', 'what', running, 1],
    ['an error after Ctrl-C', input, AbortSignal.abort('SIGINT'), 130],
    ['an error after SIGTERM', input, AbortSignal.abort('SIGTERM'), 130],
    ['an error after the connection was lost', input, AbortSignal.abort('SIGHUP'), 129],
  ])('of %s', (_, error, signal, status) => {
    expect(errorStatus(error, signal)).toBe(status);
  });
});

it('an error as a document has its kind, and its issues where there are some', () => {
  expect(errorDocument(input)).toEqual({
    error: {
      kind: 'input',
      message: input.message,
      issues: [{ path: 'targets[0].id', message: 'is missing' }],
    },
  });
  expect(errorDocument(new Error('boom'))).toMatchObject({ error: { kind: 'unexpected', issues: [] } });
});
