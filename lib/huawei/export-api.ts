import type { ExportApi } from '../ports.ts';
import { exportBodyFor, exportRequest, readTaskId } from './calls/export.ts';
import { readTaskPage, taskListRequest } from './calls/tasks.ts';
import { type CallOptions, createAuthorizedCalls } from './client.ts';
import { hostsOf } from './http/endpoints.ts';

/** Huawei Cloud's export call and its list of export tasks. Both share their tokens. */
export function createExportApi(options: CallOptions): ExportApi {
  const { clock: ours, clockOf = () => ours } = options;
  const { call, projectOf } = createAuthorizedCalls(options);

  const acceptedShapes = new Set<string>();

  const submit: ExportApi['submit'] = async (target, request, signal) => {
    const { export: origin, tasks: tasksEndpoint } = hostsOf(target.region, target.endpoints);
    const clock = clockOf(target);
    const body = exportBodyFor(target, request, clock());
    const requestFor = (projectId: string) => {
      request.checkProject?.(projectId);
      return exportRequest(origin, projectId, body);
    };
    const answer = await call(target, requestFor, signal);
    const { reply, redact, credentialKind } = answer;
    const shape = JSON.stringify([target.id, answer.projectId, request.filters, target.apiTime]);
    const isShapeAccepted = acceptedShapes.has(shape);
    const taskId = readTaskId(reply, { target, origin, redact, credentialKind, isShapeAccepted });
    acceptedShapes.add(shape);
    return {
      taskId,
      acceptedAt: clock(),
      projectId: answer.projectId,
      tasksEndpoint,
      callMilliseconds: answer.callMilliseconds,
      sent: { loginStartTime: body.login_start_time, loginEndTime: body.login_end_time },
    };
  };

  const listTasks: ExportApi['listTasks'] = async (target, page, signal) => {
    const { tasks: origin } = hostsOf(target.region, target.endpoints);
    const requestFor = (projectId: string) => {
      page.checkProject?.(projectId);
      return taskListRequest(origin, projectId, page);
    };
    const { reply, redact, credentialKind } = await call(target, requestFor, signal);
    return readTaskPage(reply, { target, origin, redact, credentialKind });
  };

  return { projectOf, submit, listTasks };
}
