import { UnavailableError, type UnavailableReason } from '../../domain/errors.ts';
import type { Target } from '../../domain/input/target.ts';
import type { ExportApi } from '../../ports.ts';
import { checkCredentialProject } from '../coverage/bound-project.ts';
import { BUSY } from '../window/outcome.ts';
import { createFailureStreak, type HostHealth } from './host-health.ts';

/** A target's calls in one run. */
export type TargetApi = {
  api: ExportApi;
  /** Why no more exports should be ordered for now; undefined where nothing speaks against it. */
  hold(): string | undefined;
};

type Options = {
  target: Target;
  /** The project whose windows the ledger has, where it is known. */
  projectId: string | undefined;
  /** Records the project of the windows. */
  bind: (projectId: string) => Promise<void>;
  health: HostHealth;
};

/**
 * The API as one target uses it in one run. No call is made for another project than the ledger's; a project that the
 * ledger does not know yet is bound before its first export. Notes how the hosts answer.
 */
export function targetApi(inner: ExportApi, { target, projectId, bind, health }: Options): TargetApi {
  const hosts = hostNames(target);
  const throttling = createFailureStreak();
  let known = projectId;
  let isBusy = false;
  let hasFailedLogin = false;

  const note = (host: string, reason: UnavailableReason | undefined) => {
    if (host === hosts.export) isBusy = reason === 'busy';
    throttling.note(reason === 'throttled');
    health.note(host, concernsHost(reason));
    // A call can succeed with an access key or an older token, so only a target whose login failed can say that IAM
    // works again.
    if (!hasFailedLogin || reason !== undefined) return;
    hasFailedLogin = false;
    health.note(hosts.login, false);
  };

  const noteLogin = (reason: UnavailableReason) => {
    hasFailedLogin = true;
    throttling.note(reason === 'throttled');
    // "Busy" means one export at a time. A login orders no export, so there it is a failure like others.
    health.note(hosts.login, reason === 'busy' || concernsHost(reason));
  };

  const noteFailure = (host: string, thrown: unknown) => {
    const failure = thrown instanceof UnavailableError ? thrown : undefined;
    if (failure?.isOfLogin) noteLogin(failure.reason);
    else note(host, failure?.reason);
  };

  const isLoginDown = () => hasFailedLogin && health.isDown(hosts.login);

  const noted = async <Value>(host: string, call: () => Promise<Value>): Promise<Value> => {
    try {
      const value = await call();
      note(host, undefined);
      return value;
    } catch (thrown) {
      noteFailure(host, thrown);
      throw thrown;
    }
  };

  const hold = () => {
    if (isLoginDown()) return 'IAM failed twice in a row';
    if (health.isDown(hosts.export)) return 'its host failed twice in a row';
    if (isBusy) return BUSY.why;
    return throttling.isFull() ? 'Huawei throttles the calls' : undefined;
  };

  const checkProject = (found: string) => checkCredentialProject(target, found, known ?? target.projectId);

  // Before the first export: a run that dies in that call may leave a task of the project.
  const bindFirst = async (signal: AbortSignal) => {
    if (known !== undefined) return;
    const found = await inner.projectOf(target, signal).catch((thrown) => {
      noteFailure(hosts.export, thrown);
      throw thrown;
    });
    checkProject(found);
    await bind(found);
    known = found;
  };

  return {
    api: {
      projectOf: inner.projectOf,
      submit: async (of, request, signal) => {
        await bindFirst(signal);
        return noted(hosts.export, () => inner.submit(of, { ...request, checkProject }, signal));
      },
      listTasks: (of, page, signal) => {
        if (isLoginDown()) return Promise.reject(down(target, 'IAM'));
        if (health.isDown(hosts.tasks)) return Promise.reject(down(target, 'The host of the task list'));
        return noted(hosts.tasks, () => inner.listTasks(of, { ...page, checkProject }, signal));
      },
    },
    hold,
  };
}

// Targets without endpoints of their own share those of their region.
function hostNames({ region, endpoints }: Target) {
  const nameOf = (host: 'iam' | 'export' | 'tasks') => `${host} ${endpoints[host] ?? region}`;
  return { login: nameOf('iam'), export: nameOf('export'), tasks: nameOf('tasks') };
}

function concernsHost(reason: UnavailableReason | undefined): boolean {
  return reason !== undefined && !OF_ONE_TARGET.includes(reason);
}

/** These limits are a user's or a project's, and say nothing of the host. */
const OF_ONE_TARGET: readonly UnavailableReason[] = ['busy', 'throttled'];

function down({ region }: Target, host: string): UnavailableError {
  const message = `${host} in ${region} failed twice in a row in this run; the next one asks again.`;
  return new UnavailableError(message, { reason: 'server_error' });
}
