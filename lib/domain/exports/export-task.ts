import type { Instant } from '../time/instant.ts';

/**
 * Where Huawei says an export task stands (Workspace ListExportTasks, 2026-02-10). `OTHER`: it says something that
 * nobody documented; so far that is no end, and it must not hide the other tasks of the list.
 */
export type ExportTaskStatus = 'CREATING' | 'SUCCESS' | 'FAIL' | 'EXPIRED' | 'OTHER';

/** One task of Huawei's task list. */
export type ExportTask = {
  taskId: string;
  status: ExportTaskStatus;
  /** What the list says where `status` is `OTHER`. */
  unknownStatus?: string;
  /** Somebody has downloaded its file. */
  isDownloaded: boolean;
  /** When it was created; absent where the list says it in a form that nobody documented. */
  createdAt?: Instant;
  /** Why it ended as FAIL, in Huawei's words. */
  failReason?: string;
  errorCode?: string;
};
