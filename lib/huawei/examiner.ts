import { type Credential, secretsOf } from '../domain/credential.ts';
import { type Finding, skipped } from '../domain/finding.ts';
import type { Proxies } from '../domain/proxies.ts';
import type { Clock, Examiner, SecretStore } from '../ports.ts';
import { accessFindings } from './access-findings.ts';
import { type AccessOptions, probeAccess } from './access-probe.ts';
import { clockFinding } from './clock-finding.ts';
import { createCredentialGate } from './credential-gate.ts';
import { hostFinding } from './host-finding.ts';
import { type HostName, probeHost } from './host-probe.ts';
import { createHttp } from './http.ts';
import { obstacleFindings, obstacleTo } from './precondition.ts';
import { redactor } from './redact.ts';
import type { RetryPolicy } from './retry.ts';
import { createSessions } from './session.ts';
import { createTokenSource } from './token-source.ts';
import { withTimeout } from './with-timeout.ts';

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
export function createExaminer({
  secrets,
  clock,
  proxies,
  callMilliseconds = CALL_MILLISECONDS,
}: Options): Examiner {
  const phases = { connect: callMilliseconds, headers: callMilliseconds, body: callMilliseconds };
  const send = withTimeout(createHttp({ timeOuts: phases, proxies }), callMilliseconds);
  const access: AccessOptions = {
    openSession: createSessions({
      secrets,
      clockOf: () => clock,
      tokens: createTokenSource({ send, policy: ONCE }),
    }),
    passGate: createCredentialGate(),
    send,
    clock,
    policy: { ...ONCE, attempts: 2 },
  };

  return async (target, credential, signal, judgeProject) => {
    const redact = redactor(credential ? secretsOf(credential) : []);
    const probe = (host: HostName) => probeHost(host, target, { send, clock, redact }, signal);
    const reports = await Promise.all(hostsFor(credential).map(probe));
    const hosts = reports.map((report) => hostFinding(target, report));
    const told = [...iamNotNeeded(credential), ...hosts, clockFinding(reports)];
    const isUsable = (host: HostName) =>
      reports.some((one) => one.host === host && one.answer.is === 'huawei');
    const precondition = credential ? obstacleTo(credential, target, isUsable) : 'The secret cannot be used.';
    if (!credential || precondition)
      return [...told, ...obstacleFindings(target, credential, precondition ?? '')];
    const usable = { export: isUsable('export'), tasks: isUsable('tasks') };
    const came = await probeAccess(target, { credential, usable }, access, signal);
    return [...told, ...accessFindings(came, { target, credential, judgeProject })];
  };
}

// A host that nothing goes to need not be reachable; without a credential nobody knows.
function hostsFor(credential: Credential | undefined): HostName[] {
  return isIamNeeded(credential) ? ['iam', 'export', 'tasks'] : ['export', 'tasks'];
}

function iamNotNeeded(credential: Credential | undefined): Finding[] {
  return isIamNeeded(credential) ? [] : [skipped('iam_host', 'Only a password needs it.')];
}

function isIamNeeded(credential: Credential | undefined): boolean {
  return credential === undefined || credential.kind === 'password';
}
