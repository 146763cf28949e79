import { describe, expect, it } from 'vitest';
import { loginWords, namesOf } from '../../../lib/cli/output/format.ts';
import { servedWords, shortId } from '../../../lib/cli/views/alerts.ts';
import type { TargetAlertsReport } from '../../../lib/exports/alerts/alert-run.ts';

describe('the id of an alert on a terminal', () => {
  it.each([
    ['SOC-2026-1187', 'SOC-2026-1187'],
    ['x'.repeat(40), 'x'.repeat(40)],
    [
      'arn:aws:guardduty:eu-central-1:111122223333:detector/12abc34d567e8fa901bc2d34e56789f0/finding/4eb1e2b3c4d5f6a7b8c9d0e1f2a3b4c5',
      '…/4eb1e2b3c4d5f6a7b8c9d0e1f2a3b4c5',
    ],
    [`${'y'.repeat(60)}/1`, `…${'y'.repeat(38)}/1`],
    [`${'🦊'.repeat(50)}`, `…${'🦊'.repeat(40)}`],
    ['steers \u001b[2J', 'steers \\u001b[2J'],
  ])('of %s is %s', (id, shown) => {
    expect(shortId(id)).toBe(shown);
  });
});

it('names the first three of many', () => {
  expect(namesOf(['a', 'b', 'c'])).toBe('a, b, c');
  expect(namesOf(['a', 'b', 'c', 'd', 'e'])).toBe('a, b, c and 2 more');
});

it('says which logins an export is for', () => {
  expect(loginWords({ public_ip: '203.0.113.45', user_name: 'li.wei' })).toBe(
    'logins with public_ip 203.0.113.45, user_name li.wei',
  );
  expect(loginWords({})).toBe('all logins');
});

it.each([
  [1, 0, 1, '1 alert for 1 target.'],
  [3, 1, 2, '3 alerts: 2 for 2 targets, and 1 that no rule matches.'],
  [1, 1, 0, '1 alert. No rule matches, so nothing is exported.'],
  [2, 2, 0, '2 alerts. No rule matches, so nothing is exported.'],
])('of %i alerts, %i without a rule, for %i targets: %s', (received, unmatched, targets, words) => {
  const reports = Array.from({ length: targets }, () => ({}) as TargetAlertsReport);
  expect(servedWords({ received, unmatched, targets: reports })).toBe(words);
});
