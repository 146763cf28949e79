import type { Alert, Inactive } from '../../../domain/alerts/alert.ts';

type State = { isSample: boolean; inactive?: Inactive | undefined; isPosture?: boolean };

/** The state of a finding, as an alert has it. A sample stays a sample whatever its other state. */
export function findingState({
  isSample,
  inactive,
  isPosture,
}: State): Pick<Alert, 'inactive' | 'isPosture'> {
  const why = isSample ? 'sample' : inactive;
  return { ...(why ? { inactive: why } : {}), ...(isPosture ? { isPosture } : {}) };
}

/** Source: GuardDuty user guide, Sample findings: each title begins like this. */
export const SAMPLE_TITLE = /^\s*\[SAMPLE\]/;

/**
 * Whether all the types of a finding are in the namespace for compliance and vulnerabilities.
 * Source: Security Hub user guide, Types taxonomy for ASFF.
 */
export function arePostureTypes(types: readonly string[] | null | undefined): boolean {
  return types != null && types.length > 0 && types.every((type) => POSTURE.test(type));
}

const POSTURE = /^Software and Configuration Checks(\/|$)/i;
