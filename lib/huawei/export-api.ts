import type { ExportApi } from '../ports.ts';
import { type CallOptions, createAuthorizedCall } from './authorized-call.ts';
import { hostsOf } from './endpoints.ts';
import { exportBodyFor } from './export-body.ts';
import { exportRequest, readTaskId } from './export-call.ts';
import { readTaskPage, taskListRequest } from './task-list-call.ts';

/** Huawei Cloud's export call and its list of export tasks. Both share their tokens. */
export function createExportApi(options: CallOptions): ExportApi {
  const { clock: ours, clockOf = () => ours } = options;
  const call = createAuthorizedCall(options);

  const submit: ExportApi['submit'] = async (target, request, signal) => {
    const { export: origin, tasks: tasksEndpoint } = hostsOf(target.region, target.endpoints);
    const clock = clockOf(target);
    const body = exportBodyFor(target, request, clock());
    const answer = await call(target, (projectId) => exportRequest(origin, projectId, body), signal);
    return {
      taskId: readTaskId(answer.reply, { target, origin, redact: answer.redact }),
      acceptedAt: clock(),
      projectId: answer.projectId,
      tasksEndpoint,
      callMilliseconds: answer.callMilliseconds,
      sent: { loginStartTime: body.login_start_time, loginEndTime: body.login_end_time },
    };
  };

  const listTasks: ExportApi['listTasks'] = async (target, page, signal) => {
    const { tasks: origin } = hostsOf(target.region, target.endpoints);
    const answer = await call(target, (projectId) => taskListRequest(origin, projectId, page), signal);
    return readTaskPage(answer.reply, { target, origin, redact: answer.redact });
  };

  return { submit, listTasks };
}
