import * as z from 'zod/mini';
import type { ExportTask } from '../../domain/exports/export-task.ts';
import { type Instant, parseInstant } from '../../domain/time/instant.ts';
import { LONGEST_CODE, LONGEST_MESSAGE } from '../http/errors.ts';
import type { Redact } from '../http/redact.ts';
import { taskId } from './task-id.ts';

const STATUSES = ['CREATING', 'SUCCESS', 'FAIL', 'EXPIRED'] as const;

/**
 * One task as the list has it; file_name and end_time are not read. The fields that decide over a window
 * must be right; any value of the others is accepted. Source: Workspace ListExportTasks (2026-02-10), and the Go SDK, where every field may be absent.
 */
export const listedTask = z.object({
  task_id: taskId,
  status: z.string('must be text'),
  is_download: z.nullish(z.union([z.boolean(), z.enum(['true', 'false'])], 'must be true or false')),
  create_time: z.optional(z.unknown()),
  fail_reason: z.optional(z.unknown()),
  error_code: z.optional(z.unknown()),
});

/** Takes the place of a task that cannot be read, so that positions on the page stay right. No window's task has this id. */
export const UNREADABLE_TASK: ExportTask = { taskId: '', status: 'OTHER', isDownloaded: false };

/** The documented ones have 8 letters at the most. */
const LONGEST_STATUS = 64;

/** The task in words of the domain. Huawei's texts are kept without the secrets that they may echo. */
export function exportTaskOf(listed: z.output<typeof listedTask>, redact: Redact): ExportTask {
  const status = STATUSES.find((known) => known === listed.status) ?? 'OTHER';
  const isFailed = status === 'FAIL';
  const unknownStatus = status === 'OTHER' ? text(listed.status, LONGEST_STATUS, redact) : undefined;
  const createdAt = taskTime(listed.create_time);
  const failReason = isFailed ? text(listed.fail_reason, LONGEST_MESSAGE, redact) : undefined;
  const errorCode = isFailed ? text(listed.error_code, LONGEST_CODE, redact) : undefined;
  return {
    taskId: listed.task_id,
    status,
    ...(unknownStatus === undefined ? {} : { unknownStatus }),
    // Unknown counts as not downloaded: a spare export is better than a gap.
    isDownloaded: String(listed.is_download) === 'true',
    ...(createdAt ? { createdAt } : {}),
    ...(failReason ? { failReason } : {}),
    ...(errorCode ? { errorCode } : {}),
  };
}

const TASK_TIME =
  /^(?<date>\d{4}-\d\d-\d\d)[T ](?<time>\d\d:\d\d:\d\d(\.\d{1,9})?)(Z|(?<hours>[+-]\d\d):?(?<minutes>\d\d))?$/;

// Documented as UTC in the pattern yyyy-MM-dd'T'HH:mm:ss.SSSZ, whose Z may come out as "Z", "+0000" or "+00:00"; other
// Huawei lists have a blank and no zone.
function taskTime(value: unknown): Instant | undefined {
  const parts = typeof value === 'string' ? TASK_TIME.exec(value.trim())?.groups : undefined;
  if (!parts) return undefined;
  const { date, time, hours = '+00', minutes = '00' } = parts;
  return parseInstant(`${date}T${time}${hours}:${minutes}`);
}

function text(value: unknown, longest: number, redact: Redact): string | undefined {
  const isText = typeof value === 'string' || typeof value === 'number';
  return isText ? redact(String(value)).slice(0, longest) : undefined;
}
