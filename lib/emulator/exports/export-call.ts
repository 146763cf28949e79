import type { Caller } from '../iam/authn.ts';
import { jsonReply, type Reply, wrongMediaType } from '../server/reply.ts';
import { isJsonType, type Received } from '../server/request.ts';
import { readExportOrder } from './export-order.ts';
import type { createExportTasks } from './export-tasks.ts';

/** POST /v1/{project_id}/session/user-connection/export. Source: WorkspaceApp/ExportUserConnection (2026-02-06). */
export function exportCall(
  received: Received,
  { projectId, caller }: { projectId: string; caller: Caller },
  tasks: ReturnType<typeof createExportTasks>,
): Reply {
  if (!isJsonType(received)) return wrongMediaType();
  const order = readExportOrder(received);
  if ('status' in order) return order;
  const id = tasks.create({ projectId, createdAt: received.at, createdBy: caller, order });
  return jsonReply(200, { task_id: id }, { note: `task ${id}` });
}
