import type { Alert, Inactive } from '../../domain/alert.ts';

type Said = { isSample: boolean; inactive?: Inactive | undefined; isPosture?: boolean };

/** What a finding says of itself, as an alert has it: a sample is a sample whatever was done with it since. */
export function findingState({ isSample, inactive, isPosture }: Said): Pick<Alert, 'inactive' | 'isPosture'> {
  const why = isSample ? 'sample' : inactive;
  return { ...(why ? { inactive: why } : {}), ...(isPosture ? { isPosture } : {}) };
}

/** Source: GuardDuty user guide, Sample findings: the title of each begins so. */
export const SAMPLE_TITLE = /^\s*\[SAMPLE\]/;

/**
 * Whether all the types of a finding are of the namespace for compliance and vulnerabilities.
 * Source: Security Hub user guide, Types taxonomy for ASFF.
 */
export function arePostureTypes(types: readonly string[] | null | undefined): boolean {
  return types != null && types.length > 0 && types.every((type) => POSTURE.test(type));
}

const POSTURE = /^Software and Configuration Checks(\/|$)/i;
