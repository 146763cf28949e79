import pMap from 'p-map';
import type { Check } from '../domain/check.ts';
import type { Target } from '../domain/input/target.ts';
import type { Clock, LedgerReader, SecretStore, VendorDoctor } from '../ports.ts';
import { learntCheck, scheduleCheck, secretCheck, settingsCheck } from './settings-checks.ts';
import { coverageCheck, overdueCheck, stateCheck, storedTarget } from './state-checks.ts';

export type DoctorPorts = {
  /** The ledger of earlier runs, or undefined before the first. Throws where it cannot be read. */
  openLedger: () => LedgerReader | undefined;
  /** Throws where a run could not write to the state, or it is damaged. */
  checkState: () => void;
  /** Paths of the state that other users of the machine may read, or could replace. */
  exposed: () => string[];
  secrets: SecretStore;
  vendorDoctor: VendorDoctor;
  clock: Clock;
};

export type CheckedTarget = { target: Target; checks: Check[] };

// Few: they may share a credential, and a person waits.
const TARGETS_AT_ONCE = 4;

/**
 * Looks at what targets need before a run could export them, and orders nothing. `onChecked` is told of each as it is
 * done; the result is in the order of the targets. Throws `InterruptedError` when it is stopped.
 */
export function runDoctor(
  ports: DoctorPorts,
  targets: readonly Target[],
  onChecked: (checked: CheckedTarget) => void,
  signal: AbortSignal,
): Promise<CheckedTarget[]> {
  const look = async (target: Target): Promise<CheckedTarget> => {
    const checked = { target, checks: await checkTarget(ports, target, signal) };
    onChecked(checked);
    return checked;
  };
  return pMap(targets, look, { concurrency: TARGETS_AT_ONCE });
}

async function checkTarget(ports: DoctorPorts, target: Target, signal: AbortSignal): Promise<Check[]> {
  const now = ports.clock();
  const { check: state, openLedger } = stateCheck(ports);
  const stored = await storedTarget(target, openLedger);
  const secret = await secretCheck(ports.secrets, target, now);
  const judge = (projectId: string) => learntCheck(target, projectId, stored);
  const theirs = await ports.vendorDoctor(target, secret.credential, signal, judge);
  const overdue = await overdueCheck(target, openLedger, now);
  const ours = [settingsCheck(target, stored), state, coverageCheck(target, stored, now), ...overdue];
  return [...ours, scheduleCheck(target, now), secret.check, ...theirs];
}
