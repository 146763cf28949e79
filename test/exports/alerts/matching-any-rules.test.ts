import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Alert, NAMED_FILTERS } from '../../../lib/domain/alerts/alert.ts';
import { SEVERITIES } from '../../../lib/domain/alerts/severity.ts';
import { at, match } from './matched-alert.ts';

describe('any rules and any alert', () => {
  const rule = fc.record({
    match: fc.record(
      {
        source: fc.constantFrom('aws.guardduty', 'aws.securityhub'),
        type: fc.constantFrom('Recon:', 'Unauthorized', 'Other'),
        severity_at_least: fc.constantFrom(...SEVERITIES),
        include_inactive: fc.boolean(),
        include_posture: fc.boolean(),
      },
      { requiredKeys: [] },
    ),
    targets: fc.uniqueArray(fc.constantFrom('acme', 'narrow', 'off'), { minLength: 1 }),
    before: fc.constantFrom('PT0S', 'PT2H'),
    filters: fc.boolean(),
    max_filters: fc.integer({ min: 1, max: 6 }),
  });
  const values = fc.uniqueArray(fc.constantFrom('wang', 'b', 'c'), { minLength: 1 });
  const changes = fc.record({
    isPosture: fc.boolean(),
    isChosen: fc.boolean(),
    firstSeen: fc.constantFrom(at('2026-11-22T10:00:00Z'), at('2026-11-01T10:00:00Z')),
    severity: fc.constantFrom(...SEVERITIES),
    named: fc.record(Object.fromEntries(NAMED_FILTERS.map((name) => [name, values])), { requiredKeys: [] }),
  });
  const rulesTwice = fc
    .array(rule, { maxLength: 5 })
    .chain((rules) =>
      fc.tuple(
        fc.constant(rules),
        fc.shuffledSubarray(rules, { minLength: rules.length, maxLength: rules.length }),
      ),
    );
  const inOrder = (inputs: object[]) => inputs.map((input) => JSON.stringify(input)).sort();
  const sorted = (filters: Record<string, string>) => Object.fromEntries(Object.entries(filters).sort());
  const all = (alertChanges: Partial<Alert>, rules: object[]) =>
    match(alertChanges, ...rules).map((input) => ({ ...input, filters: sorted(input.filters) }));

  it('lead to the same inputs in whichever order the rules stand', () => {
    fc.assert(
      fc.property(changes, rulesTwice, (alertChanges, [rules, shuffled]) => {
        expect(inOrder(all(alertChanges, shuffled))).toEqual(inOrder(all(alertChanges, rules)));
      }),
    );
  });

  it('lead to what each rule leads to alone, once, and to nothing of a target that is off', () => {
    fc.assert(
      fc.property(changes, fc.array(rule, { maxLength: 5 }), (alertChanges, rules) => {
        const inputs = all(alertChanges, rules);
        const texts = inOrder(inputs);
        expect(new Set(texts).size).toBe(texts.length);
        expect(inputs.map(({ target }) => target)).not.toContain('off');
        const alone = rules.flatMap((one) => inOrder(all(alertChanges, [one])));
        expect(new Set(texts)).toEqual(new Set(alone));
      }),
    );
  });
});
