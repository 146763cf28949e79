import { asExportError, CredentialError, type ExportError, InterruptedError } from '../../domain/errors.ts';
import { formatApiTime } from '../../domain/input/api-time.ts';
import type { Credential } from '../../domain/input/credential.ts';
import type { Target } from '../../domain/input/target.ts';
import type { Instant } from '../../domain/time/instant.ts';
import type { Clock, TaskPage } from '../../ports.ts';
import type { Authorization } from '../auth/authorization.ts';
import type { createCredentialGuard } from '../auth/lockout-guard.ts';
import { classify401, refusalFrom, type Session } from '../auth/session.ts';
import { exportRequest, readTaskId } from '../calls/export.ts';
import { readTaskPage, taskListRequest } from '../calls/tasks.ts';
import { hostsOf } from '../http/endpoints.ts';
import { type Redact, readErrorReply, redactor } from '../http/errors.ts';
import type { HttpReply, HttpRequest, Send } from '../http/http.ts';
import { type RetryPolicy, withRetry } from '../http/retry.ts';
import { attemptCall } from '../http/send.ts';

/** What came of using a credential. What was not tried is absent. */
export type Access =
  /** IAM gave no token; or the gateway took neither token nor signature. */
  | { refusedBy: 'iam' | 'gateway'; error: ExportError }
  | { projectId: string; list?: TaskPage | ExportError; order?: Ordered | ExportError };

/** An export that was accepted, although it was not to be. */
export type Ordered = { taskId: string };

export type AccessOptions = {
  openSession: (target: Target) => Session;
  passGuard: ReturnType<typeof createCredentialGuard>;
  send: Send;
  clock: Clock;
  policy: RetryPolicy;
};

/** Which of the hosts are worth a call. */
export type UsableHosts = { export: boolean; tasks: boolean };

/**
 * Uses a target's credential as a run would: for a token, then for the list of tasks, then for an export that is
 * incomplete on purpose. What fails is a value; throws `InterruptedError` alone.
 */
export async function probeAccess(
  target: Target,
  { credential, usable }: { credential: Credential; usable: UsableHosts },
  options: AccessOptions,
  signal: AbortSignal,
): Promise<Access> {
  try {
    return await options.passGuard(credential, () => tryAccess(target, usable, options, signal));
  } catch (thrown) {
    const error = asExportError(thrown);
    if (error instanceof InterruptedError) throw error;
    return { refusedBy: refuser(credential, error), error };
  }
}

async function tryAccess(
  target: Target,
  usable: UsableHosts,
  options: AccessOptions,
  signal: AbortSignal,
): Promise<Access> {
  const { openSession, clock } = options;
  const hosts = hostsOf(target.region, target.endpoints);
  const session = openSession(target);
  const authorization = await session.authorize({ signal, onWait: noWait });
  const { projectId } = authorization;
  const { call, redact } = createCall({ session, authorization }, options, signal);
  const list = await attempt(usable.tasks, async () => {
    const request = taskListRequest(hosts.tasks, projectId, { isDownloaded: false, offset: 0 });
    return readTaskPage(await call(request), { target, origin: hosts.tasks, redact });
  });
  const order = await attempt(usable.export, async () => {
    const request = exportRequest(hosts.export, projectId, permissionProbeBody(target, clock()));
    return { taskId: readTaskId(await call(request), { target, origin: hosts.export, redact }) };
  });
  return { projectId, ...(list ? { list } : {}), ...(order ? { order } : {}) };
}

// A credential that is refused is nothing to go on with.
async function attempt<Value>(
  isWorthIt: boolean,
  work: () => Promise<Value>,
): Promise<Value | ExportError | undefined> {
  if (!isWorthIt) return undefined;
  try {
    return await work();
  } catch (thrown) {
    const error = asExportError(thrown);
    if (error instanceof InterruptedError || error instanceof CredentialError) throw error;
    return error;
  }
}

// Only the token call goes to IAM, whose codes are the status or begin with its name.
function refuser({ kind }: Credential, { vendor }: ExportError): 'iam' | 'gateway' {
  return kind !== 'password' || /^(APIGW?|WKS|PAP5)\./.test(vendor?.code ?? '') ? 'gateway' : 'iam';
}

type Call = (request: HttpRequest) => Promise<HttpReply>;

/** Signs anew by the server's clock where that is asked for, as a run does; renews nothing: what is new is not tried twice. */
function createCall(
  { session, authorization }: { session: Session; authorization: Authorization },
  { send, clock, policy }: AccessOptions,
  signal: AbortSignal,
): { call: Call; redact: Redact } {
  let current = authorization;
  const context = { signal, onWait: noWait };
  const redact = redactor(authorization.secrets);
  const once = (request: HttpRequest) =>
    withRetry(() => attemptCall(current.apply(request), { send, clock, redact, signal }), {
      ...context,
      policy,
    });
  const call: Call = async (request) => {
    const reply = await once(request);
    const vendor = readErrorReply(reply, redact);
    if (reply.status !== 401 || classify401(vendor) !== 'resign') return reply;
    const resigned = await session.recover(refusalFrom(vendor, reply.headers), context);
    if (!resigned) return reply;
    current = resigned;
    return once(request);
  };
  return { call, redact };
}

function noWait(): void {
  // Nobody is told: the doctor waits for seconds at the most.
}

/**
 * The body of an export call that asks for the permission alone. Huawei documents it as wrong twice over: the login
 * times go together, and an id has at most 64 characters (API definition WorkspaceApp/ExportUserConnection, 2026-02-06).
 * No record has this id, so where it is accepted after all the task exports nothing.
 */
export function permissionProbeBody({ apiTime }: Target, now: Instant): Record<string, string> {
  return { id: NO_RECORD, login_start_time: formatApiTime(now.subtract({ hours: 1 }), apiTime) };
}

const NO_RECORD = 'login-export-doctor-asks-whether-it-may-export-and-wants-no-record';
