import { downloadCall } from './exports/download-call.ts';
import { exportCall } from './exports/export-call.ts';
import { createExportQuota, createExportTasks } from './exports/export-tasks.ts';
import { listTasksCall } from './exports/list-tasks-call.ts';
import { createOneAtATime } from './exports/one-at-a-time.ts';
import { createAccessKeys } from './iam/access-keys.ts';
import { createAccounts, DEMO_ACCOUNT } from './iam/accounts.ts';
import { admit } from './iam/gateway.ts';
import { projectsCall } from './iam/projects-call.ts';
import { tokenCall } from './iam/token-call.ts';
import { createTokens } from './iam/tokens.ts';
import { createKnownLogins } from './logins/login-store.ts';
import { recordsCall } from './logins/records-call.ts';
import type { EmulatorOptions } from './options.ts';
import type { Reply } from './server/reply.ts';
import type { Received } from './server/request.ts';
import type { Route } from './server/routes.ts';

/** All that the fake cloud knows and remembers. */
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
    // Access keys name no account here; whoever has one belongs to the account of the first user.
    domain: settings.users[0]?.domain ?? DEMO_ACCOUNT.user.domain,
    tasks,
    oneAtATime: createOneAtATime(tasks),
    logins: createKnownLogins(settings.records),
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

/** Does what a call asks for. */
export function answer(received: Received, route: Route, cloud: Cloud): Reply {
  if (route.kind === 'token') return tokenCall(received, cloud);
  if (route.kind === 'projects') return projectsCall(received, cloud);
  const admission = admit(received, route.projectId, cloud);
  if ('refusal' in admission) return admission.refusal;
  switch (route.kind) {
    case 'export':
      return cloud.exportQuota.meter(received.at, () =>
        cloud.oneAtATime.guard({ ...route, now: received.at }, () =>
          exportCall(received, { ...route, ...admission }, cloud.tasks),
        ),
      );
    case 'records':
      return recordsCall(received, cloud.logins);
    case 'tasks':
      return listTasksCall(received, route.projectId, cloud.tasks);
    case 'download':
      return downloadCall(received, route, cloud);
  }
}
