import type { Alert } from '../../domain/alerts/alert.ts';
import type { AlertRule } from '../../domain/alerts/alert-rule.ts';
import { SEVERITIES } from '../../domain/alerts/severity.ts';

type Match = AlertRule['match'];

/** Whether a rule matches the alert: by what the rule names, and by the states that the rule includes. */
export function matchesRule(alert: Alert, match: Match): boolean {
  return isAbout(alert, match) && includesState(alert, match);
}

/** Why none of the rules leads to an export for an alert, as a clause about `it`. */
export function whyNoRule(alert: Alert, rules: readonly AlertRule[]): string {
  if (rules.some(({ match }) => matchesRule(alert, match)))
    return 'no target of the rules that match it is enabled';
  if (!rules.some(({ match }) => isAbout(alert, match))) return 'no rule matches it';
  const states = statesOf(alert);
  const is = states.map(({ words }) => words).join(' and ');
  const settings = states.map(({ setting }) => `${setting}: true`).join(' and ');
  return `it is ${is}, and no rule that otherwise matches it has ${settings}`;
}

function isAbout(alert: Alert, match: Match): boolean {
  const { type } = match;
  if (type !== undefined && !alert.types.some((its) => its.startsWith(type))) return false;
  return (
    isSevereEnough(alert, match) &&
    (['source', 'account', 'region'] as const).every(
      (field) => match[field] === undefined || match[field] === alert[field],
    )
  );
}

// Severity and state keep out findings that nobody has seen. A person who chose a finding has seen it: ignoring it here
// would drop in silence what somebody asked for.
function isSevereEnough({ severity, isChosen }: Alert, { severityAtLeast }: Match): boolean {
  if (isChosen || severityAtLeast === undefined) return true;
  return SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(severityAtLeast);
}

function includesState(alert: Alert, match: Match): boolean {
  return alert.isChosen === true || statesOf(alert).every(({ field }) => match[field]);
}

type State = {
  field: 'includeInactive' | 'includePosture';
  setting: string;
  words: string;
};

/** The states of the alert that a rule must include to match. */
function statesOf({ inactive, isPosture }: Alert): State[] {
  const words = inactive === 'sample' ? 'a sample' : inactive;
  return [
    ...(words ? [{ field: 'includeInactive', setting: 'include_inactive', words } as const] : []),
    ...(isPosture ? [POSTURE] : []),
  ];
}

const POSTURE: State = {
  field: 'includePosture',
  setting: 'include_posture',
  words: 'about compliance or a vulnerability',
};
