import { createAccessKeys } from './access-keys.ts';
import { createAccounts } from './accounts.ts';
import { DEMO_ACCOUNT } from './demo-account.ts';
import { downloadCall } from './download-call.ts';
import type { EmulatorOptions } from './emulator-options.ts';
import { exportCall } from './export-call.ts';
import { createExportQuota } from './export-quota.ts';
import { createExportTasks } from './export-tasks.ts';
import { admit } from './gateway.ts';
import { createKnownLogins } from './known-logins.ts';
import { listTasksCall } from './list-tasks-call.ts';
import { createOneAtATime } from './one-at-a-time.ts';
import { projectsCall } from './projects-call.ts';
import type { Received } from './received.ts';
import { recordsCall } from './records-call.ts';
import type { Reply } from './reply.ts';
import type { Route } from './routes.ts';
import { tokenCall } from './token-call.ts';
import { createTokens } from './tokens.ts';

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
