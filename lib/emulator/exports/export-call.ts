import type { Caller } from '../iam/authn.ts';
import { readLoginQuery } from '../logins/login-query.ts';
import { jsonReply, type Reply, wrongMediaType } from '../server/reply.ts';
import { isJsonType, type Request } from '../server/request.ts';
import type { createExportTasks } from './export-tasks.ts';

/** POST /v1/{project_id}/session/user-connection/export. Source: WorkspaceApp/ExportUserConnection (2026-02-06). */
export function exportCall(
  request: Request,
  { projectId, caller }: { projectId: string; caller: Caller },
  tasks: ReturnType<typeof createExportTasks>,
): Reply {
  if (!isJsonType(request)) return wrongMediaType();
  const query = readLoginQuery(request);
  if ('status' in query) return query;
  const id = tasks.create({ projectId, createdAt: request.at, createdBy: caller, query });
  return jsonReply(200, { task_id: id }, { note: `task ${id}` });
}
