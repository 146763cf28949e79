import { DEMO_ACCOUNT } from '../../lib/emulator/iam/accounts.ts';
import type { EmulatorOptions } from '../../lib/emulator/options.ts';
import { runEmulator } from '../emulator/running-emulator.ts';
import type { Argument, SdkCall, startHuaweiSdk } from './huawei-sdk.ts';

const { accessKey, project } = DEMO_ACCOUNT;

/** Attributes of the SDK's credentials: the demo account's key, for its project. */
export const SIGNED = {
  ak: accessKey.accessKeyId,
  sk: accessKey.secretAccessKey,
  project_id: project.id,
};

/** An emulator with a host on each of three ports, whose clock is the SDK's, and the calls of the SDK to it. */
export async function runSdk({ perform }: ReturnType<typeof startHuaweiSdk>, options: EmulatorOptions = {}) {
  const { emulator, origins } = await runEmulator({
    clock: Date.now,
    taskCreatingSeconds: 0,
    separateHosts: true,
    ...options,
  });
  type Changes = Partial<Pick<SdkCall, 'credentials' | 'headers' | 'region' | 'endpoint'>>;
  const call = (service: SdkCall['service'], name: string, request: Argument, changes: Changes = {}) =>
    perform({
      service,
      endpoint: origins[HOST_OF[service]],
      credentials: SIGNED,
      call: name,
      request,
      ...changes,
    });
  return {
    emulator,
    origins,
    token: (user: { domain: string; user: string; password: string } = DEMO_ACCOUNT.user) =>
      call('iam', 'keystone_create_user_token_by_password', tokenRequest(user), {
        credentials: { ak: 'any', sk: 'any', domain_id: 'any' },
      }),
    exportRecords: (body: Record<string, Argument>, changes?: Changes) =>
      call(
        'workspaceapp',
        'export_user_connection',
        { model: 'ExportUserConnectionRequest', body: { model: 'ListUserConnectionReq', ...body } },
        changes,
      ),
    listRecords: (body: Record<string, Argument>, page: Record<string, number> = {}) =>
      call('workspaceapp', 'list_user_connection', {
        model: 'ListUserConnectionRequest',
        body: { model: 'ListUserConnectionReq', ...body },
        ...page,
      }),
    listTasks: (query: Record<string, Argument>, changes?: Changes) =>
      call('workspace', 'list_export_tasks', { model: 'ListExportTasksRequest', ...query }, changes),
    download: (taskId: string, changes?: Changes) =>
      call(
        'workspace',
        'download_export_file',
        { model: 'DownloadExportFileRequest', task_id: taskId },
        changes,
      ),
  };
}

const HOST_OF = { iam: 'iam', workspaceapp: 'export', workspace: 'tasks' } as const;

function tokenRequest({
  domain,
  user: name,
  password,
}: {
  domain: string;
  user: string;
  password: string;
}): Argument {
  const user = {
    model: 'PwdPasswordUser',
    name,
    password,
    domain: { model: 'PwdPasswordUserDomain', name: domain },
  };
  return {
    model: 'KeystoneCreateUserTokenByPasswordRequest',
    nocatalog: 'true',
    body: {
      model: 'KeystoneCreateUserTokenByPasswordRequestBody',
      auth: {
        model: 'PwdAuth',
        identity: {
          model: 'PwdIdentity',
          methods: ['password'],
          password: { model: 'PwdPassword', user },
        },
        scope: { model: 'AuthScope', project: { model: 'AuthScopeProject', name: project.name } },
      },
    },
  };
}
