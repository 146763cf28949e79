import type { Instant } from '../time/instant.ts';

/**
 * The status of an export task (Workspace ListExportTasks, 2026-02-10). `OTHER`: a status that is not documented. Such a
 * task counts as not ended, and does not hide the other tasks of the list.
 */
export type ExportTaskStatus = 'CREATING' | 'SUCCESS' | 'FAIL' | 'EXPIRED' | 'OTHER';

/** One task of Huawei's task list. */
export type ExportTask = {
  taskId: string;
  status: ExportTaskStatus;
  /** The undocumented status where `status` is `OTHER`. */
  unknownStatus?: string;
  /** Somebody has downloaded its file. */
  isDownloaded: boolean;
  /** When it was created; absent where the list has an undocumented form of time. */
  createdAt?: Instant;
  /** Why it ended in FAIL, in Huawei's words. */
  failReason?: string;
  errorCode?: string;
};
