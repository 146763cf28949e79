import { type Check, failed, skipped } from '../../domain/check.ts';
import { type Credential, secretsOf } from '../../domain/input/credential.ts';
import type { Proxies } from '../../domain/input/proxies.ts';
import type { Target } from '../../domain/input/target.ts';
import type { Clock, SecretStore, VendorDoctor } from '../../ports.ts';
import { createCredentialGuard } from '../auth/lockout-guard.ts';
import { createSessions } from '../auth/session.ts';
import { createTokenSource } from '../auth/tokens.ts';
import { redactor } from '../http/errors.ts';
import { createHttp, withTimeout } from '../http/http.ts';
import type { RetryPolicy } from '../http/retry.ts';
import { type AccessOptions, probeAccess } from './access.ts';
import { accessChecks, knownProject } from './access-checks.ts';
import { clockCheck, hostCheck } from './host-checks.ts';
import { type HostName, probeHost } from './hosts.ts';

type Options = {
  secrets: SecretStore;
  clock: Clock;
  proxies?: Proxies | undefined;
  /** How long one call may take, all its phases together. */
  callMilliseconds?: number;
};

const CALL_MILLISECONDS = 7_000;

const ONCE: RetryPolicy = {
  attempts: 1,
  firstWaitMilliseconds: 200,
  factor: 2,
  longestWaitMilliseconds: 2_000,
};

/**
 * Looks at targets with little patience. Of a password or a key that is refused it makes one try, whatever number of
 * targets share it; no password is sent twice, because IAM may have counted a try that was not answered.
 */
export function createVendorDoctor({
  secrets,
  clock,
  proxies,
  callMilliseconds = CALL_MILLISECONDS,
}: Options): VendorDoctor {
  const phases = { connect: callMilliseconds, headers: callMilliseconds, body: callMilliseconds };
  const send = withTimeout(createHttp({ timeOuts: phases, proxies }), callMilliseconds);
  const access: AccessOptions = {
    openSession: createSessions({
      secrets,
      clockOf: () => clock,
      tokens: createTokenSource({ send, policy: ONCE }),
    }),
    passGuard: createCredentialGuard(),
    send,
    clock,
    policy: { ...ONCE, attempts: 2 },
  };

  return async (target, credential, signal, judgeProject) => {
    const redact = redactor(credential ? secretsOf(credential) : []);
    const probe = (host: HostName) => probeHost(host, target, { send, clock, redact }, signal);
    const reports = await Promise.all(hostsFor(credential).map(probe));
    const hosts = reports.map((report) => hostCheck(target, report));
    const told = [...iamNotNeeded(credential), ...hosts, clockCheck(reports)];
    const isUsable = (host: HostName) =>
      reports.some((one) => one.host === host && one.answer.is === 'huawei');
    const precondition = credential ? obstacleTo(credential, target, isUsable) : 'The secret cannot be used.';
    if (!credential || precondition)
      return [...told, ...obstacleChecks(target, credential, precondition ?? '')];
    const usable = { export: isUsable('export'), tasks: isUsable('tasks') };
    const came = await probeAccess(target, { credential, usable }, access, signal);
    return [...told, ...accessChecks(came, { target, credential, judgeProject })];
  };
}

// A host that nothing goes to need not be reachable; without a credential nobody knows.
function hostsFor(credential: Credential | undefined): HostName[] {
  return isIamNeeded(credential) ? ['iam', 'export', 'tasks'] : ['export', 'tasks'];
}

function iamNotNeeded(credential: Credential | undefined): Check[] {
  return isIamNeeded(credential) ? [] : [skipped('iam_host', 'Only a password needs it.')];
}

function isIamNeeded(credential: Credential | undefined): boolean {
  return credential === undefined || credential.kind === 'password';
}

/** Why a credential cannot even be tried, or undefined when it can. */
function obstacleTo(
  credential: Credential,
  { projectId }: Target,
  isUsable: (host: HostName) => boolean,
): string | undefined {
  if (credential.kind === 'password')
    return isUsable('iam') ? undefined : 'The host that gives tokens cannot be used.';
  if (projectId === undefined) return 'Without a project_id there is nothing to call.';
  return isUsable('export') || isUsable('tasks') ? undefined : 'Neither host that would take it can be used.';
}

/** What is to be said of the checks behind an precondition. */
function obstacleChecks(target: Target, credential: Credential | undefined, precondition: string): Check[] {
  const needsProject = credential !== undefined && credential.kind !== 'password';
  return [
    skipped('token', precondition),
    knownProject(target) ??
      (needsProject
        ? failed(
            'project',
            `A credential of kind "${credential.kind}" does not say which project it is for.`,
            FIX,
          )
        : skipped('project', 'It would be learnt from the token.')),
    skipped('export_permission', precondition),
    skipped('list_permission', precondition),
  ];
}

const FIX = 'Set project_id of the target; in the console it stands under "My Credentials", a line a region.';
