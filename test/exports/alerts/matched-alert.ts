import { Temporal } from 'temporal-polyfill';
import type { Alert } from '../../../lib/domain/alerts/alert.ts';
import { readAlertRules } from '../../../lib/domain/alerts/alert-rule.ts';
import { readTargets } from '../../../lib/domain/input/targets-file.ts';
import { spanName } from '../../../lib/domain/time/spans.ts';
import { type AlertInput, matchAlert, whyUnmatched } from '../../../lib/exports/alerts/match.ts';

export const at = Temporal.Instant.from;

const least = { region: 'ap-southeast-3', credential: 'huawei/acme' };
const targets = readTargets(
  {
    targets: [
      { ...least, id: 'acme' },
      { ...least, id: 'narrow', filters: { user_name: 'wang', client_type: 'Windows 10' } },
      { ...least, id: 'off', enabled: false },
    ],
  },
  { source: 'targets.yml', regions: ['ap-southeast-3'] },
);

const alert: Alert = {
  id: 'finding-1',
  source: 'aws.guardduty',
  types: ['Recon:IAMUser/MaliciousIPCaller', 'UnauthorizedAccess:IAMUser/ConsoleLoginSuccess.B'],
  severity: 'medium',
  account: '111122223333',
  region: 'eu-central-1',
  firstSeen: at('2026-11-22T10:00:00Z'),
  lastSeen: at('2026-11-22T11:00:00Z'),
  named: {},
};

const rulesOf = (...rules: object[]) =>
  readAlertRules(
    {
      rules: rules.map((rule, index) => ({ id: `rule-${index}`, match: {}, targets: ['acme'], ...rule })),
    },
    { source: 'alerts.yml', targets },
  );

/**
 * What an alert, changed like this, leads to with rules that say this; rules match every alert and name the target
 * `acme` unless they say otherwise. `narrow` has filters of its own, and `off` is not enabled.
 */
export const match = (changes: Partial<Alert>, ...rules: object[]) =>
  matchAlert({ ...alert, ...changes }, rulesOf(...rules), targets).map(shown);

/** Why such an alert leads to nothing with such rules. */
export const whyNot = (changes: Partial<Alert>, ...rules: object[]) =>
  whyUnmatched({ ...alert, ...changes }, rulesOf(...rules), targets);

function shown({ target, window, filters, shortened }: AlertInput) {
  return {
    target: target.id,
    window: spanName(window),
    filters,
    ...(shortened ? { shortened: spanName(shortened) } : {}),
  };
}
