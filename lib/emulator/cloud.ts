import { downloadCall } from './exports/download-call.ts';
import { exportCall } from './exports/export-call.ts';
import { createExportTasks } from './exports/export-tasks.ts';
import { LIST_PARAMETERS, listTasksCall } from './exports/list-tasks-call.ts';
import { createOneAtATime } from './exports/one-at-a-time.ts';
import { createExportQuota } from './exports/quota.ts';
import { createAccessKeys } from './iam/access-keys.ts';
import { createAccounts, DEMO_ACCOUNT } from './iam/accounts.ts';
import { authenticate } from './iam/gateway.ts';
import { projectsCall } from './iam/projects-call.ts';
import { tokenCall } from './iam/token-call.ts';
import { createTokens } from './iam/tokens.ts';
import { createLoginStore } from './logins/login-store.ts';
import { recordsCall } from './logins/records-call.ts';
import type { EmulatorOptions } from './options.ts';
import type { Reply } from './server/reply.ts';
import type { Request } from './server/request.ts';
import type { Route } from './server/routes.ts';

/** The state of the fake cloud. */
export type Cloud = ReturnType<typeof createCloud>;

export function createCloud(options: EmulatorOptions) {
  const settings = { ...DEFAULTS, ...options };
  const tasks = createExportTasks({
    creatingSeconds: settings.taskCreatingSeconds,
    expirySeconds: settings.taskExpirySeconds,
  });
  return {
    accounts: createAccounts(settings.users, settings.wrongPasswordsBeforeLock),
    tokens: createTokens({ lifetimeSeconds: settings.tokenLifetimeSeconds, size: settings.tokenSize }),
    accessKeys: createAccessKeys(settings.accessKeys),
    projects: settings.projects,
    // Access keys have no account here; their account is that of the first user.
    domain: settings.users[0]?.domain ?? DEMO_ACCOUNT.user.domain,
    tasks,
    oneAtATime: createOneAtATime(tasks),
    logins: createLoginStore(settings.records),
    exportQuota: createExportQuota(),
  };
}

const DEFAULTS = {
  users: [DEMO_ACCOUNT.user],
  accessKeys: [DEMO_ACCOUNT.accessKey],
  projects: [DEMO_ACCOUNT.project],
  records: { seed: 1, perDay: 40 },
  tokenSize: 3000,
  tokenLifetimeSeconds: 24 * 3600,
  wrongPasswordsBeforeLock: 5,
  taskCreatingSeconds: 5,
  taskExpirySeconds: 7 * 24 * 3600,
} satisfies EmulatorOptions;

/** The documented query parameters of all calls. */
export const QUERY_PARAMETERS: readonly string[] = ['nocatalog', 'name', ...LIST_PARAMETERS];

/** Serves a call: changes the state of the cloud, and makes the reply. */
export function answer(request: Request, route: Route, cloud: Cloud): Reply {
  if (route.kind === 'token') return tokenCall(request, cloud);
  if (route.kind === 'projects') return projectsCall(request, cloud);
  const authn = authenticate(request, route.projectId, cloud);
  if ('rejection' in authn) return authn.rejection;
  switch (route.kind) {
    case 'export':
      return cloud.exportQuota.meter(request.at, () =>
        cloud.oneAtATime.guard({ ...route, now: request.at }, () =>
          exportCall(request, { ...route, ...authn }, cloud.tasks),
        ),
      );
    case 'records':
      return recordsCall(request, cloud.logins);
    case 'tasks':
      return listTasksCall(request, route.projectId, cloud.tasks);
    case 'download':
      return downloadCall(request, route, cloud);
  }
}
