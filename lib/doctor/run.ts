import pMap from 'p-map';
import type { Finding } from '../domain/check.ts';
import type { Target } from '../domain/input/target.ts';
import type { Clock, Examiner, LedgerReader, SecretStore } from '../ports.ts';
import { learntFinding, scheduleFinding, secretFinding, settingsFinding } from './settings-checks.ts';
import { coverageFinding, overdueFinding, stateFinding, storedTarget } from './state-checks.ts';

export type ExaminePorts = {
  /** The ledger of earlier runs, or undefined before the first. Throws where it cannot be read. */
  openLedger: () => LedgerReader | undefined;
  /** Throws where a run could not write to the state, or it is damaged. */
  checkState: () => void;
  /** Paths of the state that other users of the machine may read, or could replace. */
  exposed: () => string[];
  secrets: SecretStore;
  examiner: Examiner;
  clock: Clock;
};

export type Examined = { target: Target; findings: Finding[] };

// Few: they may share a credential, and a person waits.
const TARGETS_AT_ONCE = 4;

/**
 * Looks at what targets need before a run could export them, and orders nothing. `onExamined` is told of each as it is
 * done; the result is in the order of the targets. Throws `InterruptedError` when it is stopped.
 */
export function examineTargets(
  ports: ExaminePorts,
  targets: readonly Target[],
  onExamined: (examined: Examined) => void,
  signal: AbortSignal,
): Promise<Examined[]> {
  const look = async (target: Target): Promise<Examined> => {
    const examined = { target, findings: await examine(ports, target, signal) };
    onExamined(examined);
    return examined;
  };
  return pMap(targets, look, { concurrency: TARGETS_AT_ONCE });
}

async function examine(ports: ExaminePorts, target: Target, signal: AbortSignal): Promise<Finding[]> {
  const now = ports.clock();
  const { finding: state, openLedger } = stateFinding(ports);
  const stored = await storedTarget(target, openLedger);
  const secret = await secretFinding(ports.secrets, target, now);
  const judge = (projectId: string) => learntFinding(target, projectId, stored);
  const theirs = await ports.examiner(target, secret.credential, signal, judge);
  const overdue = await overdueFinding(target, openLedger, now);
  const ours = [settingsFinding(target, stored), state, coverageFinding(target, stored, now), ...overdue];
  return [...ours, scheduleFinding(target, now), secret.finding, ...theirs];
}
