import * as z from 'zod/mini';

/** The documented ids have 32 characters, and DeleteExportTasks takes up to 64 (API definition Workspace, 2026-02). */
const LONGEST_TASK_ID = 256;

/** The id of an export task as Huawei writes it. It goes into the ledger, into messages and into URLs. */
export const taskId = z.string().check(
  z.maxLength(LONGEST_TASK_ID, `must have at most ${LONGEST_TASK_ID} characters`),
  z.refine((text) => text.trim() !== '', 'must not be blank'),
);
