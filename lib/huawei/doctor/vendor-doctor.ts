import { secretsOf } from '../../domain/input/credential.ts';
import type { Proxies } from '../../domain/input/proxies.ts';
import type { Clock, SecretStore, VendorDoctor } from '../../ports.ts';
import { createLockoutGuard } from '../auth/lockout-guard.ts';
import { createAuthorizedCalls } from '../client.ts';
import { createHttp } from '../http/http.ts';
import { redactor } from '../http/redact.ts';
import type { RetryPolicy } from '../http/retry.ts';
import { checkAccess, skippedAccess } from './access.ts';
import { clockCheck, type HostName, probeHost } from './hosts.ts';

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
 * Checks how targets reach Huawei, with the client of the runs and with little patience: first each host without a
 * credential, then the credential, at hosts of Huawei's alone. A password or a key that is rejected is tried once,
 * whatever number of targets share it; no password is sent twice, because IAM may have counted a try without an answer.
 * No export is ordered.
 */
export function createVendorDoctor({
  secrets,
  clock,
  proxies,
  callMilliseconds = CALL_MILLISECONDS,
}: Options): VendorDoctor {
  const timeOuts = { connect: callMilliseconds, headers: callMilliseconds, body: callMilliseconds };
  const send = createHttp({ timeOuts, callMilliseconds, proxies });
  const calls = createAuthorizedCalls({
    secrets,
    clock,
    send,
    policy: { ...ONCE, attempts: 2 },
    loginPolicy: ONCE,
    // Each wait is 2 s at the most.
    observe: () => undefined,
  });
  const guarded = createLockoutGuard();

  return async (target, credential, signal, checkProject) => {
    const needsIam = credential === undefined || credential.kind === 'password';
    const hosts: HostName[] = needsIam ? ['iam', 'export', 'tasks'] : ['export', 'tasks'];
    const redact = redactor(credential ? secretsOf(credential) : []);
    const reports = await Promise.all(
      hosts.map((host) => probeHost(host, target, { send, clock, redact, signal })),
    );
    const usable = new Set(reports.filter(({ check }) => check.status === 'ok').map(({ host }) => host));
    const access = credential
      ? await checkAccess({ target, credential, usable, checkProject }, { calls, guarded, clock, signal })
      : skippedAccess('The secret cannot be used.');
    return [...reports.map(({ check }) => check), clockCheck(reports), ...access];
  };
}
