import { type Check, failedBy, ok, skipped, warning } from '../../domain/check.ts';
import { asExportError, CredentialError, type ExportError, InterruptedError } from '../../domain/errors.ts';
import type { Credential } from '../../domain/input/credential.ts';
import type { Target } from '../../domain/input/target.ts';
import type { Clock, ProjectCheck, TaskPage } from '../../ports.ts';
import type { createLockoutGuard } from '../auth/lockout-guard.ts';
import { exportRequest, permissionProbeBody, readTaskId } from '../calls/export.ts';
import { readTaskPage, taskListRequest } from '../calls/tasks.ts';
import type { AuthorizedCalls } from '../client.ts';
import { hostsOf } from '../http/endpoints.ts';
import { refusalReason } from '../refusals/refusal-reason.ts';
import type { HostName } from './hosts.ts';

/** `usable`: the hosts that a credential may be sent to. */
type Subject = {
  target: Target;
  credential: Credential;
  usable: ReadonlySet<HostName>;
  checkProject: ProjectCheck['checkProject'] | undefined;
};

type Tools = {
  calls: AuthorizedCalls;
  guarded: ReturnType<typeof createLockoutGuard>;
  clock: Clock;
  signal: AbortSignal;
};

/**
 * Uses a target's credential as a run would: for a token, for the list of tasks, and for an export that is incomplete on
 * purpose. Prints the client's own errors. Throws `InterruptedError` alone.
 */
export async function checkAccess(subject: Subject, tools: Tools): Promise<Check[]> {
  const { credential } = subject;
  if (credential.kind === 'password' && !subject.usable.has('iam'))
    return skippedAccess('The host that issues tokens cannot be used.');
  try {
    return await tools.guarded({ credential }, () => useCredential(subject, tools));
  } catch (thrown) {
    const error = asExportError(thrown);
    if (error instanceof InterruptedError) throw error;
    return [failedBy('credential', error, ASK_US), ...skippedPermissions('The credential cannot be used.')];
  }
}

/** The checks of a credential that was not even tried. */
export function skippedAccess(why: string): Check[] {
  return [skipped('credential', why), ...skippedPermissions(why)];
}

function skippedPermissions(why: string): Check[] {
  return [skipped('export_permission', why), skipped('list_permission', why)];
}

const ASK_US = 'Tell the maintainers of login-export.';

async function useCredential(
  { target, credential, usable, checkProject }: Subject,
  { calls, clock, signal }: Tools,
): Promise<Check[]> {
  const origins = hostsOf(target.region, target.endpoints);
  const projectId = await calls.projectOf(target, signal);
  if (target.projectId === undefined) checkProject?.(projectId);

  const list = await outcomeOf(usable.has('tasks'), async () => {
    const requestFor = (id: string) => taskListRequest(origins.tasks, id, { isDownloaded: false, offset: 0 });
    const { reply, ...answer } = await calls.call(target, requestFor, signal);
    return readTaskPage(reply, { ...answer, target, origin: origins.tasks });
  });
  const order = await outcomeOf(usable.has('export'), async () => {
    const requestFor = (id: string) =>
      exportRequest(origins.export, id, permissionProbeBody(target, clock()));
    const { reply, ...answer } = await calls.call(target, requestFor, signal);
    return readTaskId(reply, { ...answer, target, origin: origins.export });
  });

  const isAccepted = [list, order].some(hasSeenCredential);
  return [credentialCheck(credential, projectId, isAccepted), exportCheck(order), listCheck(list)];
}

type Outcome<Value> = Value | ExportError | undefined;

/** What a call came to; undefined where its host cannot be used. Throws what speaks against the credential itself. */
async function outcomeOf<Value>(isUsable: boolean, call: () => Promise<Value>): Promise<Outcome<Value>> {
  if (!isUsable) return undefined;
  try {
    return await call();
  } catch (thrown) {
    const error = asExportError(thrown);
    const isForeign = error.vendor !== undefined && refusalReason(error.vendor) === 'foreign_project';
    if (isForeign || error instanceof InterruptedError || error instanceof CredentialError) throw error;
    return error;
  }
}

// Whatever the gateway says but 401, 429 and 5xx it says after it has looked at the credential.
function hasSeenCredential(outcome: Outcome<unknown>): boolean {
  if (!(outcome instanceof Error)) return outcome !== undefined;
  const { vendor, kind } = asExportError(outcome);
  return vendor !== undefined && vendor.status !== 401 && kind !== 'unavailable';
}

function credentialCheck({ kind }: Credential, projectId: string, isAccepted: boolean): Check {
  if (isAccepted) return ok('credential', `${ACCEPTED[kind]} Project ${projectId}.`);
  return kind === 'password'
    ? ok('credential', `IAM issued a token for project ${projectId}; no host was there to accept it.`)
    : skipped('credential', 'No host was there to accept it.');
}

const ACCEPTED: Record<Credential['kind'], string> = {
  password: 'IAM issued a token for the password, and Huawei accepts it.',
  token: 'Huawei accepts the token.',
  access_key: 'Huawei accepts the signatures of the access key.',
};

/** Whether the user may export, as far as that shows without ordering one. */
function exportCheck(order: Outcome<string>): Check {
  const check = 'export_permission';
  if (order === undefined) return skipped(check, NO_HOST);
  if (typeof order === 'string')
    return ok(
      check,
      `Allowed. Huawei accepted the request although it is incomplete: the spare task ${order} is harmless, it asks for no record.`,
    );
  const { vendor } = order;
  if (vendor === undefined || refusalReason(vendor) !== 'invalid') return failedBy(check, order, ASK_US);
  return ok(
    check,
    `Allowed, as far as it shows without ordering a task: a request that is incomplete on purpose was refused for its content alone (${['HTTP 400', vendor.code].filter(Boolean).join(' ')}).`,
  );
}

/** Whether the user may list the export tasks. Exports do without the list; the proof that they ended does not. */
function listCheck(list: Outcome<TaskPage>): Check {
  const check = 'list_permission';
  if (list === undefined) return skipped(check, NO_HOST);
  if (!(list instanceof Error))
    return ok(check, `Allowed. The list has ${list.total} export ${list.total === 1 ? 'task' : 'tasks'}.`);
  const found = failedBy(check, list, ASK_US);
  if (list.vendor?.status !== 403) return found;
  const consequence =
    'Exports go on without it, but nobody can confirm that their tasks ended well: windows stay unconfirmed, and none is ordered again when its task fails.';
  return warning(check, `${found.message} ${consequence}`, found.fix);
}

const NO_HOST = 'Its host cannot be used.';
