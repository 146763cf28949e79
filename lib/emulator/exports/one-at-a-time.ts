import { type Reply, serviceError } from '../server/reply.ts';
import type { createExportTasks } from './export-tasks.ts';

/** Which status an export gets while another of its project runs. */
export type OneAtATime = { status: number };

/** Refuses an export of a project while another runs, when told to. */
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

// Nothing about such a limit is documented; the status is the scenario's choice and the code is made up.
function busyReply({ status }: OneAtATime): Reply {
  return serviceError({
    status,
    code: 'WKS.00211409',
    message: 'Another export task is running. Try again later.',
    note: 'one export at a time',
  });
}
