import fc from 'fast-check';
import { expect, it } from 'vitest';
import { alertPatterns } from '../../../lib/deploy/template/alert-patterns.ts';
import { type AlertRule, DEFAULT_SCOPE } from '../../../lib/domain/alerts/alert-rule.ts';
import { SEVERITIES } from '../../../lib/domain/alerts/severity.ts';
import { readAlertEvent } from '../../../lib/exports/alerts/events/event.ts';
import { matchAlert } from '../../../lib/exports/alerts/match.ts';
import { ARRIVED_AT, changed, fixture, SAMPLES } from '../../support/alerts/sample-events.ts';
import { targetAt } from '../../support/huawei/start-huawei.ts';

const target = targetAt('http://127.0.0.1:1');

function ruleOf(match: AlertRule['match']): AlertRule {
  return { ...DEFAULT_SCOPE, id: 'rule', match, targets: [target.id] };
}

/** What EventBridge does with a pattern: the parts of its language that ours are written in. */
function lets(pattern: unknown, value: unknown): boolean {
  if (Array.isArray(pattern)) return pattern.some((one) => [value].flat().some((each) => fits(one, each)));
  if (Array.isArray(value)) return value.some((each) => lets(pattern, each));
  return Object.entries(Object(pattern)).every(([name, inner]) =>
    name === '$or' && Array.isArray(inner)
      ? inner.some((one) => lets(one, value))
      : lets(inner, Object(value)[name]),
  );
}

function fits(condition: unknown, value: unknown): boolean {
  const { prefix, numeric, exists } = Object(condition);
  if (prefix !== undefined) return typeof value === 'string' && value.startsWith(prefix);
  if (numeric !== undefined) return typeof value === 'number' && value >= numeric[1];
  if (exists !== undefined) return value === undefined;
  return condition === value;
}

function reaches(rules: readonly AlertRule[], event: unknown): boolean {
  return Object.values(alertPatterns(rules)).some((pattern) => lets(pattern, event));
}

const match = fc.record(
  {
    source: fc.constantFrom('aws.guardduty', 'aws.securityhub', 'com.example.soc'),
    type: fc.constantFrom('UnauthorizedAccess:', 'UnauthorizedAccess:IAMUser/', 'Recon:', 'TTPs', 'Software'),
    severityAtLeast: fc.constantFrom(...SEVERITIES),
    account: fc.constantFrom('111122223333', '444455556666'),
    region: fc.constantFrom('eu-central-1', 'us-east-1'),
    includeInactive: fc.boolean(),
    includePosture: fc.boolean(),
  },
  { requiredKeys: [] },
);

type Graded = { name: string; number: number | undefined; label: string };

/** A sample with a severity of the kind that it has; OCSF and requests stay as they are. */
function graded({ name, number, label }: Graded): unknown {
  if (name.startsWith('guardduty')) return changed(name, 'detail.severity', number);
  return name === 'securityhub-asff'
    ? changed(name, 'detail.findings.0.Severity', { Label: label })
    : fixture(name);
}

function isMatched(rules: readonly AlertRule[], event: unknown): boolean {
  const read = readAlertEvent(event, { arrivedAt: ARRIVED_AT });
  return read.alerts.some((alert) => matchAlert(alert, rules, [target]).length > 0);
}

it('whatever a rule matches reaches the function', () => {
  const event = fc
    .record<Graded>({
      name: fc.constantFrom(...SAMPLES.filter((sample) => sample !== 'login-export-requested')),
      number: fc.constantFrom(undefined, 0.5, 1, 3.9, 4, 5, 7, 8.9, 9),
      label: fc.constantFrom(...SEVERITIES.map((name) => name.toUpperCase())),
    })
    .map(graded);
  let matched = 0;
  fc.assert(
    fc.property(fc.array(match.map(ruleOf), { maxLength: 4 }), event, (rules, one) => {
      if (!isMatched(rules, one)) return;
      matched += 1;
      expect(reaches(rules, one)).toBe(true);
    }),
    { numRuns: 5_000 },
  );
  expect(matched).toBeGreaterThan(100);
});

it("requests of one's own reach it without any rule, and findings do not", () => {
  const reached = SAMPLES.filter((name) => reaches([], fixture(name)));
  expect(reached).toEqual(['login-export-requested', 'login-export-requested-minimal']);
});

it('findings that no rule could match are kept away', () => {
  const rules = [ruleOf({ source: 'aws.guardduty', type: 'UnauthorizedAccess:', severityAtLeast: 'high' })];
  expect(reaches(rules, changed('guardduty-iam-user', 'detail.severity', 8))).toBe(true);
  expect(reaches(rules, changed('guardduty-iam-user', 'detail.severity', 6.9))).toBe(false);
  expect(reaches(rules, changed('guardduty-port-probe', 'detail.severity', 8))).toBe(false);
  expect(reaches(rules, fixture('securityhub-asff'))).toBe(false);
  const hub = [ruleOf({ source: 'aws.securityhub', severityAtLeast: 'critical' })];
  const high = fixture('securityhub-asff').detail.findings.map((finding: object) => ({
    ...finding,
    Severity: { Label: 'HIGH' },
  }));
  expect(reaches(hub, changed('securityhub-asff', 'detail.findings', high))).toBe(false);
});

it('what somebody picks out in Security Hub reaches it, however small, where a rule could be for it', () => {
  const chosen = fixture('securityhub-custom-action');
  const grave = { severityAtLeast: 'critical' } as const;
  for (const rule of [{ source: 'aws.securityhub', ...grave }, grave, {}]) {
    expect(reaches([ruleOf(rule)], chosen)).toBe(true);
    expect(isMatched([ruleOf(rule)], chosen)).toBe(true);
  }
  expect(reaches([ruleOf({ source: 'aws.guardduty' })], chosen)).toBe(false);
  expect(reaches([ruleOf(grave)], { ...chosen, source: 'com.example.soc' })).toBe(false);
});

it('a pattern that EventBridge would not take is widened', () => {
  const types = Array.from(
    { length: 60 },
    (_, index) => `UnauthorizedAccess:IAMUser/Kind-of-finding-${index}`,
  );
  const rules = types.map((type) => ruleOf({ source: 'aws.guardduty', type }));
  expect(alertPatterns(rules)['GuardDutyFindings']).toEqual({
    source: ['aws.guardduty'],
    'detail-type': ['GuardDuty Finding'],
  });
});
