import type { AlertRule } from '../../domain/alerts/alert-rule.ts';
import { GUARDDUTY_BANDS, SEVERITIES, type Severity } from '../../domain/alerts/severity.ts';
import type { EventPattern } from './cloudformation.ts';

/**
 * The events that the function is given, by a name for each kind: whatever a rule could match, and requests of one's
 * own always. So does a custom action of Security Hub, whatever the severity, where some rule could take its findings:
 * somebody picked them out. Patterns may let through more than the rules match, never less: the function decides.
 */
export function alertPatterns(rules: readonly AlertRule[]): Record<string, EventPattern> {
  const guardDuty = rulesFor(rules, 'aws.guardduty');
  const securityHub = rulesFor(rules, 'aws.securityhub');
  const hub = { source: ['aws.securityhub'] };
  return {
    ...(guardDuty.length > 0 ? { GuardDutyFindings: guardDutyPattern(guardDuty) } : {}),
    ...(securityHub.length > 0
      ? {
          SecurityHubFindings: { ...hub, ...hubPattern(securityHub) },
          // Its detail is a list or one finding, and has numbers for names; nothing narrower is right for both.
          SecurityHubFindingsV2: { ...hub, 'detail-type': ['Findings Imported V2'] },
        }
      : {}),
    LoginExportRequests: { 'detail-type': ['Login Export Requested'] },
  };
}

function rulesFor(rules: readonly AlertRule[], source: string): AlertRule[] {
  return rules.filter(({ match }) => match.source === undefined || match.source === source);
}

// A finding without a severity counts as critical.
const UNKNOWN = { exists: false };

function guardDutyPattern(rules: readonly AlertRule[]): EventPattern {
  const all = { source: ['aws.guardduty'], 'detail-type': ['GuardDuty Finding'] };
  const least = leastSeverity(rules);
  const severity =
    least === 'informational' ? undefined : [{ numeric: ['>=', GUARDDUTY_BANDS[least]] }, UNKNOWN];
  const type = typePrefixes(rules)?.map((prefix) => ({ prefix }));
  const detail = { ...(severity ? { severity } : {}), ...(type ? { type } : {}) };
  const narrow = { ...all, ...(severity || type ? { detail } : {}) };
  return JSON.stringify(narrow).length <= LONGEST ? narrow : all;
}

// EventBridge takes no more characters. Source: EventBridge user guide, quotas.
const LONGEST = 2_048;

const IMPORTED = 'Security Hub Findings - Imported';
const CUSTOM_ACTION = 'Security Hub Findings - Custom Action';

// One finding of the list that matches is enough. Security Hub fills in the label of every finding that it passes on.
// Source of `$or`: EventBridge user guide, Comparison operators for use in event patterns.
function hubPattern(rules: readonly AlertRule[]): EventPattern {
  const least = leastSeverity(rules);
  if (least === 'informational') return { 'detail-type': [IMPORTED, CUSTOM_ACTION] };
  const labels = SEVERITIES.slice(SEVERITIES.indexOf(least)).map((label) => label.toUpperCase());
  const detail = { findings: { Severity: { Label: [...labels, UNKNOWN] } } };
  return { $or: [{ 'detail-type': [IMPORTED], detail }, { 'detail-type': [CUSTOM_ACTION] }] };
}

function leastSeverity(rules: readonly AlertRule[]): Severity {
  const least = rules.map(({ match }) => SEVERITIES.indexOf(match.severityAtLeast ?? 'informational'));
  return SEVERITIES[Math.min(...least)] ?? 'informational';
}

/** Undefined where some rule takes every type. */
function typePrefixes(rules: readonly AlertRule[]): string[] | undefined {
  const types = new Set(rules.map(({ match }) => match.type));
  const given = [...types].flatMap((type) => type ?? []);
  return given.length === types.size ? given : undefined;
}
