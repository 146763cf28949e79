import { type Alert, SEVERITIES } from '../../domain/alerts/alert.ts';
import type { AlertRule } from '../../domain/alerts/alert-rule.ts';

type Match = AlertRule['match'];

/** Whether a rule is for the alert: it is about what the rule names, and in a state that the rule includes. */
export function matchesRule(alert: Alert, match: Match): boolean {
  return isAbout(alert, match) && includesState(alert, match);
}

/** Why none of the rules leads to an export because of an alert, as a clause about `it`. */
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
    isGraveEnough(alert, match) &&
    (['source', 'account', 'region'] as const).every(
      (field) => match[field] === undefined || match[field] === alert[field],
    )
  );
}

// Whoever picks a finding out by hand has seen how grave it is, and what was done with it: the threshold and the state
// keep away what nobody looked at, and would here drop in silence what somebody asked for.
function isGraveEnough({ severity, isChosen }: Alert, { severityAtLeast }: Match): boolean {
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

/** What keeps a rule from matching the alert unless it includes that. */
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
