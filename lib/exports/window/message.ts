import { createHash } from 'node:crypto';
import { TASK_SUBMITTED_TYPE, type TaskSubmitted } from '../../domain/exports/message.ts';
import type { Target } from '../../domain/input/target.ts';
import { filtersDigest, type WindowRow } from '../../domain/ledger/window-row.ts';
import { RETENTION } from '../../domain/time/retention.ts';
import { spanText } from '../../domain/time/spans.ts';
import type { AcceptedTask } from '../../ports.ts';

/**
 * The message that publishes an accepted task. The ledger keeps the message as it is, so that a repetition is
 * identical.
 */
export function taskSubmittedMessage(target: Target, row: WindowRow, task: AcceptedTask): TaskSubmitted {
  const window = spanText(row.window);
  return {
    specversion: '1.0',
    type: TASK_SUBMITTED_TYPE,
    source: `workspace-login-export/${target.id}`,
    id: messageId(row),
    time: task.acceptedAt.toString(),
    subject: `${window.start}/${window.end}`,
    datacontenttype: 'application/json',
    data: {
      task_id: task.taskId,
      target: { id: target.id, region: target.region, project_id: task.projectId },
      window,
      request: {
        login_start_time: task.sent.loginStartTime,
        login_end_time: task.sent.loginEndTime,
        filters: row.filters,
      },
      reason: row.reason,
      trigger: row.trigger,
      ...(row.alerts ? { alerts: row.alerts } : {}),
      attempt: row.attempt,
      retention_deadline: row.window.start.add(RETENTION).toString(),
      tasks_endpoint: task.tasksEndpoint,
    },
  };
}

/**
 * The same target, window, filters, reason and attempt give the same id, on any machine and at any time. For alerts the same
 * window may be exported twice on purpose (before it is due, and after), so there the number of the export counts too.
 */
export function messageId(row: WindowRow): string {
  const { targetId, window, filters, reason, attempt, alertExport } = row;
  const { start, end } = spanText(window);
  const name = [targetId, start, end, filtersDigest(filters), reason, attempt];
  return createHash('sha256')
    .update(JSON.stringify([...name, ...(alertExport ? [alertExport.number] : [])]))
    .digest('hex')
    .slice(0, 32);
}
