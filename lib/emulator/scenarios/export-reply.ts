import { jsonReply, type Reply } from '../server/reply.ts';
import type { Effect } from './scenario.ts';

type Changes = Extract<Effect, { type: 'export_reply' }>;

/** The reply to an accepted export, said in another way; a refusal stays as it is. */
export function changeExportReply(
  reply: Reply,
  changes: Changes,
  rename: (id: string, newId: string) => void,
): Reply {
  if (reply.status !== 200) return reply;
  const id = String(JSON.parse(reply.body).task_id);
  const length = changes.task_id_length;
  const kept = length === undefined ? id : id.repeat(Math.ceil(length / id.length)).slice(0, length);
  if (kept !== id) rename(id, kept);
  const error = changes.error_code && {
    error_code: changes.error_code,
    error_msg: 'The system is abnormal.',
  };
  const body = { task_id: changes.task_id ?? kept, ...(error || {}) };
  return jsonReply(changes.status, body, { note: `task ${kept}` });
}
