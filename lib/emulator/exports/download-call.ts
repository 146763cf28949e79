import { type LoginRecord, RECORD_FIELDS } from '../logins/login-records.ts';
import type { createLoginStore } from '../logins/login-store.ts';
import { type Reply, serviceError, textReply } from '../server/reply.ts';
import type { Request } from '../server/request.ts';
import type { createExportTasks } from './export-tasks.ts';

/**
 * GET /v2/{project_id}/export-tasks/{task_id}/download. Source: Workspace DownloadExportFile (2026-02-10). The format of
 * the file is not documented; here it is CSV.
 */
export function downloadCall(
  { at }: Request,
  { projectId, taskId }: { projectId: string; taskId: string },
  {
    tasks,
    logins,
  }: { tasks: ReturnType<typeof createExportTasks>; logins: ReturnType<typeof createLoginStore> },
): Reply {
  const task = tasks.find(taskId, at);
  if (!task || task.projectId !== projectId)
    return serviceError({ status: 404, code: 'WKS.00211902', message: 'The task does not exist.' });
  if (task.status !== 'SUCCESS')
    return serviceError({
      status: 400,
      code: 'WKS.00211102',
      message: `The file cannot be downloaded. (the task is ${task.status})`,
    });
  tasks.markDownloaded(task.id);
  const { query, createdAt, fileName } = task;
  const found = logins.find({ ...query, asOf: createdAt });
  return textReply(loginCsv(found), 'text/csv; charset=utf-8', {
    headers: { 'content-disposition': `attachment; filename="${fileName}"` },
    note: `${found.length} records`,
  });
}

/** The records as CSV (RFC 4180), with a column for each field. Huawei's own format is not documented. */
export function loginCsv(logins: readonly LoginRecord[]): string {
  const rows = logins.map((login) => RECORD_FIELDS.map((field) => login[field] ?? ''));
  return [RECORD_FIELDS, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

function cell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
