import pMap from 'p-map';
import type { Check } from '../domain/check.ts';
import type { Target } from '../domain/input/target.ts';
import { checkCredentialProject } from '../exports/coverage/bound-project.ts';
import type { Clock, SecretStore, VendorDoctor } from '../ports.ts';
import { confirmationCheck, coverageCheck, readRow } from './coverage-checks.ts';
import { scheduleCheck, secretCheck, settingsCheck } from './settings-checks.ts';
import { type StatePorts, stateCheck } from './state-check.ts';

export type DoctorPorts = StatePorts & { secrets: SecretStore; vendorDoctor: VendorDoctor; clock: Clock };

export type CheckedTarget = { target: Target; checks: Check[] };

// Few: the targets may share a credential, and a person waits.
const TARGETS_AT_ONCE = 4;

/**
 * Checks what targets need before a run could export them, and orders nothing. This room knows our side (settings, state,
 * secret, schedule); `vendorDoctor` knows Huawei's. `onChecked` is called for each target when its checks are done; the result
 * is in the order of the targets. Throws `InterruptedError` when it is stopped.
 */
export function runDoctor(
  ports: DoctorPorts,
  targets: readonly Target[],
  onChecked: (checked: CheckedTarget) => void,
  signal: AbortSignal,
): Promise<CheckedTarget[]> {
  const checkOne = async (target: Target): Promise<CheckedTarget> => {
    const checked = { target, checks: await checkTarget(ports, target, signal) };
    onChecked(checked);
    return checked;
  };
  return pMap(targets, checkOne, { concurrency: TARGETS_AT_ONCE });
}

async function checkTarget(ports: DoctorPorts, target: Target, signal: AbortSignal): Promise<Check[]> {
  const now = ports.clock();
  const { check: state, ledger } = stateCheck(ports);
  const stored = await readRow(target, ledger);
  const secret = await secretCheck(ports.secrets, target);
  const checkProject = (id: string) => checkCredentialProject(target, id, stored.row?.projectId);
  return [
    settingsCheck(target, stored.row),
    state,
    coverageCheck(target, stored, now),
    ...(await confirmationCheck(target, ledger, now)),
    scheduleCheck(target, now),
    secret.check,
    ...(await ports.vendorDoctor(target, secret.credential, signal, checkProject)),
  ];
}
