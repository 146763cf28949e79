import { expect, it } from 'vitest';
import type { ExportTask } from '../../../lib/domain/exports/export-task.ts';
import { verdictOn } from '../../../lib/exports/confirmation/verdict.ts';

const task = (differing: Partial<ExportTask>): ExportTask => ({
  taskId: 'task-1',
  status: 'SUCCESS',
  isDownloaded: false,
  ...differing,
});

it.each([
  ['CREATING', false, undefined],
  ['CREATING', true, undefined],
  ['OTHER', false, undefined],
  ['OTHER', true, undefined],
  ['SUCCESS', false, 'succeeded'],
  ['SUCCESS', true, 'succeeded'],
  ['EXPIRED', true, 'succeeded'],
] as const)('of a task that is %s (downloaded: %s) the verdict is %s', (status, isDownloaded, verdict) => {
  expect(verdictOn(task({ status, isDownloaded }))).toBe(verdict);
});

it.each([
  [task({ status: 'EXPIRED' }), "Huawei's task task-1 expired before anybody had downloaded its file."],
  [task({ status: 'FAIL' }), 'Huawei accepted the export, and its task task-1 failed: no reason is given.'],
  [
    task({ status: 'FAIL', isDownloaded: true, failReason: 'too busy', errorCode: 'WKS.1' }),
    'Huawei accepted the export, and its task task-1 failed: too busy.',
  ],
])('of %j it is that there is no file, and why', (ended, message) => {
  const verdict = verdictOn(ended);
  expect(verdict).toMatchObject({ kind: 'task_failed', message });
  expect(typeof verdict === 'object' && verdict.vendor?.code).toBe(ended.errorCode);
});
