import * as z from 'zod';
import { paging } from '../server/paging.ts';
import { invalidParameter, jsonReply, type Reply } from '../server/reply.ts';
import type { Request } from '../server/request.ts';
import type { createExportTasks, ExportTask } from './export-tasks.ts';

/** The parameters of the call. Other parameters are ignored. */
const query = z
  .object({
    file_name: z.string().optional(),
    task_id: z.string().optional(),
    status: z.enum(['CREATING', 'SUCCESS', 'FAIL', 'EXPIRED']).optional(),
    is_download: z.enum(['true', 'false']).default('false'),
    sort_field: z.literal('create_time').optional(),
    sort_type: z.enum(['ASC', 'DESC']).default('ASC'),
    ...paging({ most: 100, usual: 20 }),
  })
  .strip();

/** The names of the documented query parameters. */
export const LIST_PARAMETERS: readonly string[] = Object.keys(query.shape);

/**
 * GET /v2/{project_id}/export-tasks. Source: Workspace ListExportTasks (2026-02-10). The documented default of
 * `is_download`, false, is read as a filter here; that is the stricter reading.
 */
export function listTasksCall(
  { url, at }: Request,
  projectId: string,
  tasks: ReturnType<typeof createExportTasks>,
): Reply {
  const given = Object.fromEntries(url.searchParams);
  const parsed = query.safeParse(given);
  if (!parsed.success)
    return invalidParameter(parsed.error.issues.map(({ path }) => path.join('.')).join(', '));
  if ('sort_field' in given !== 'sort_type' in given)
    return invalidParameter('sort_field and sort_type: both or neither');
  const { sort_type: sortType, offset, limit } = parsed.data;
  const { task_id: id } = parsed.data;
  const candidates = id === undefined ? tasks.all(at) : [tasks.find(id, at) ?? []].flat();
  const found = candidates.filter((task) => task.projectId === projectId && matches(task, parsed.data));
  if (sortType === 'DESC') found.reverse();
  const page = found.slice(offset, offset + limit).map(taskDocument);
  return jsonReply(
    200,
    { export_tasks: page, count: found.length },
    { note: `${page.length} of ${found.length} tasks` },
  );
}

function matches(task: ExportTask, wanted: z.output<typeof query>): boolean {
  return (
    (wanted.file_name ?? task.fileName) === task.fileName &&
    (wanted.status ?? task.status) === task.status &&
    wanted.is_download === String(task.isDownloaded)
  );
}

function taskDocument(task: ExportTask): object {
  return {
    task_id: task.id,
    file_name: task.fileName,
    status: task.status,
    fail_reason: task.failReason,
    error_code: task.errorCode,
    create_time: taskTime(task.createdAt),
    end_time: task.endedAt === undefined ? undefined : taskTime(task.endedAt),
    is_download: task.isDownloaded,
  };
}

// Documented as yyyy-MM-dd'T'HH:mm:ss.SSSZ, a pattern of Java, in which Z means "+0000".
function taskTime(at: number): string {
  return new Date(at).toISOString().replace('Z', '+0000');
}
