import { type Reply, serviceError } from '../server/reply.ts';
import type { createExportTasks } from './export-tasks.ts';

/** The status of the reply to an export while another export of the project runs. */
export type OneAtATime = { status: number };

/** Rejects an export of a project while another export of the project runs. Without a rule, no export is rejected. */
export function createOneAtATime(tasks: ReturnType<typeof createExportTasks>) {
  let rule: OneAtATime | undefined;

  return {
    guard: ({ projectId, now }: { projectId: string; now: number }, work: () => Reply): Reply =>
      rule && tasks.isOneRunning(projectId, now) ? busyReply(rule) : work(),
    set: (replacement: OneAtATime | undefined): void => {
      rule = replacement;
    },
  };
}

// Such a limit is not documented. The scenario chooses the status, and the code is fake.
function busyReply({ status }: OneAtATime): Reply {
  return serviceError({
    status,
    code: 'WKS.00211409',
    message: 'Another export task is running. Try again later.',
    note: 'one export at a time',
  });
}
