import { UnavailableError, type UnavailableReason } from '../../domain/errors.ts';
import type { Target } from '../../domain/input/target.ts';
import type { TargetRow } from '../../domain/ledger/target-row.ts';
import type { ExportApi } from '../../ports.ts';
import { checkLearntProject } from '../coverage/bound-project.ts';
import { bindProject, type RowPorts } from '../coverage/rewrite-target.ts';
import { BUSY } from '../window/outcome.ts';

/** What the targets of a run found out about their hosts. One object a run. */
export type HostHealth = {
  /** Notes how a call went: a failure that a whole host shares, or anything else. */
  note(host: string, isFailure: boolean): void;
  /** Two calls in a row failed there: what else is to be asked of it is left to a later run. */
  isDown(host: string): boolean;
};

// One may be bad luck. Each costs a retry budget of minutes, so an outage must not cost one for every window.
const FAILURES_IN_A_ROW = 2;

export function createHostHealth(): HostHealth {
  const rows = new Map<string, FailureRow>();
  const rowOf = (host: string) => {
    const row = rows.get(host) ?? createRow();
    rows.set(host, row);
    return row;
  };
  return {
    note: (host, isFailure) => rowOf(host).note(isFailure),
    isDown: (host) => rowOf(host).isFull(),
  };
}

type FailureRow = { note(isFailure: boolean): void; isFull(): boolean };

function createRow(): FailureRow {
  let failures = 0;
  return {
    note: (isFailure) => {
      failures = isFailure ? failures + 1 : 0;
    },
    isFull: () => failures >= FAILURES_IN_A_ROW,
  };
}

/** What says nothing of the host: these limits are a user's, or a project's. */
const OF_ONE_TARGET: readonly UnavailableReason[] = ['busy', 'throttled'];

/** A target's calls in one run. */
export type TargetApi = {
  api: ExportApi;
  /** Why no more exports should be ordered for now, if anything speaks against it. */
  hold(): string | undefined;
};

type Work = { stored: TargetRow | undefined; health: HostHealth };

/** `targetApi` for work that does not write the target's row otherwise; `stored` is what was read of it. */
export function boundApi(
  ports: RowPorts & { api: ExportApi },
  target: Target,
  { stored, health }: Work,
): TargetApi {
  const bind = async (projectId: string) => {
    await bindProject(ports, target, { stored, projectId });
  };
  return targetApi(ports.api, { target, projectId: stored?.projectId, bind, health });
}

type Use = {
  target: Target;
  /** The project that the ledger has windows of, if it is known. */
  projectId: string | undefined;
  /** Writes down of which project the windows are. */
  bind: (projectId: string) => Promise<void>;
  health: HostHealth;
};

/**
 * The API as one target uses it in one run: for no other project than the ledger's, and with an eye on what the hosts
 * answer. A project that the ledger does not know yet is bound before the first export of it.
 */
export function targetApi(inner: ExportApi, { target, projectId, bind, health }: Use): TargetApi {
  const hosts = hostNames(target);
  const throttling = createRow();
  let known = projectId;
  let isBusy = false;
  let hasFailedLogin = false;

  const note = (host: string, reason: UnavailableReason | undefined) => {
    if (host === hosts.export) isBusy = reason === 'busy';
    throttling.note(reason === 'throttled');
    health.note(host, isOfHost(reason));
    // Other targets of the same IAM may have a key, or a token from before, so only one that failed there speaks of it.
    if (!hasFailedLogin || reason !== undefined) return;
    hasFailedLogin = false;
    health.note(hosts.login, false);
  };

  const noteLogin = (reason: UnavailableReason) => {
    hasFailedLogin = true;
    throttling.note(reason === 'throttled');
    // "Busy" is about one export at a time, and a login orders none: there it is a failure like others.
    health.note(hosts.login, reason === 'busy' || isOfHost(reason));
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

  const checkProject = (found: string) => checkLearntProject(target, found, known ?? target.projectId);

  // A run that dies in the first export of a project may leave a task there.
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

// Targets without an endpoint of their own share their region's.
function hostNames({ region, endpoints }: Target) {
  const nameOf = (host: 'iam' | 'export' | 'tasks') => `${host} ${endpoints[host] ?? region}`;
  return { login: nameOf('iam'), export: nameOf('export'), tasks: nameOf('tasks') };
}

function isOfHost(reason: UnavailableReason | undefined): boolean {
  return reason !== undefined && !OF_ONE_TARGET.includes(reason);
}

function down({ region }: Target, host: string): UnavailableError {
  const message = `${host} in ${region} failed twice in a row in this run; the next one asks again.`;
  return new UnavailableError(message, { reason: 'server_error' });
}
