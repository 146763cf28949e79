import type { AlertRule } from '../../domain/alerts/alert-rule.ts';
import type { Target } from '../../domain/input/target.ts';
import type { Parameters } from './parameters.ts';

/** All that the template of one deployment is made of. */
export type Deployment = {
  /** What every name begins with: service and stage, such as `workspace-login-export-prod`. */
  prefix: string;
  /** Every target, also those that are not enabled. */
  targets: readonly Target[];
  rules: readonly AlertRule[];
  parameters: Parameters;
};

/** The targets that runs are for. Throws when they are more than one stack has room for. */
export function enabledTargets({ targets }: Pick<Deployment, 'targets'>): Target[] {
  const enabled = targets.filter((target) => target.enabled);
  if (enabled.length <= MOST_TARGETS) return enabled;
  throw new Error(
    `${enabled.length} targets are enabled, and one stack has room for ${MOST_TARGETS}: deploy two services.`,
  );
}

// CloudFormation takes 500 resources in a stack: some 70 of the service, and eight for each target.
const MOST_TARGETS = 50;

/**
 * The logical id of a target's resource. Logical ids may not contain "-", so it becomes "X". Target ids have no capitals,
 * so two targets never share one.
 */
export function logicalId(kind: string, targetId: string): string {
  return `${kind}${targetId.replaceAll('-', 'X')}`;
}
