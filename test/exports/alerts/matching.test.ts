import { describe, expect, it } from 'vitest';
import type { Alert } from '../../../lib/domain/alert.ts';
import { at, match } from './matched-alert.ts';

const USUAL = '2026-11-22T08:00:00Z/2026-11-22T11:30:00Z';
const named = { public_ip: ['203.0.113.7', '198.51.100.9'], user_name: ['li.wei'], machine_name: ['DESK-7'] };

describe('a rule', () => {
  it.each([
    [{}, true],
    [{ source: 'aws.guardduty' }, true],
    [{ source: 'aws.guard' }, false],
    [{ type: 'UnauthorizedAccess:' }, true],
    [{ type: 'Recon:IAMUser/MaliciousIPCaller' }, true],
    [{ type: 'recon:' }, false],
    [{ type: 'ConsoleLoginSuccess.B' }, false],
    [{ severity_at_least: 'low' }, true],
    [{ severity_at_least: 'medium' }, true],
    [{ severity_at_least: 'high' }, false],
    [{ account: '111122223333' }, true],
    [{ account: '111122223334' }, false],
    [{ region: 'eu-central-1' }, true],
    [{ region: 'eu-central-2' }, false],
    [{ source: 'aws.guardduty', region: 'us-east-1' }, false],
  ])('with the match %j applies: %j', (wanted, applies) => {
    expect(match({}, { match: wanted })).toHaveLength(applies ? 1 : 0);
  });

  it('asks for the time around all sights, as wide as it says', () => {
    expect(match({}, {})).toEqual([{ target: 'acme', window: USUAL, filters: {} }]);
    expect(match({}, { before: 'PT1H', after: 'PT1S' })).toMatchObject([
      { window: '2026-11-22T09:00:00Z/2026-11-22T11:00:01Z' },
    ]);
  });

  it('asks of each of its targets that is enabled', () => {
    expect(match({}, { targets: ['off', 'narrow', 'acme'] }).map(({ target }) => target)).toEqual([
      'acme',
      'narrow',
    ]);
  });

  it('is not the only one: all that match apply, and what they ask for alike is asked for once', () => {
    const alike = { match: { source: 'aws.guardduty' } };
    const wider = { before: 'PT3H' };
    expect(match({}, {}, alike, wider, { match: { severity_at_least: 'critical' } })).toEqual([
      { target: 'acme', window: USUAL, filters: {} },
      { target: 'acme', window: '2026-11-22T07:00:00Z/2026-11-22T11:30:00Z', filters: {} },
    ]);
  });
});

describe('what an alert names', () => {
  const filtersOf = (changes: Partial<Alert>, rule: object) =>
    match(changes, rule).map(({ filters }) => filters);

  it('narrows one export for each value', () => {
    expect(filtersOf({ named }, {})).toEqual([
      { public_ip: '203.0.113.7' },
      { public_ip: '198.51.100.9' },
      { user_name: 'li.wei' },
      { machine_name: 'DESK-7' },
    ]);
  });

  it('narrows none when it is more than the rule allows', () => {
    expect(filtersOf({ named }, { max_filters: 4 })).toHaveLength(4);
    expect(filtersOf({ named }, { max_filters: 3 })).toEqual([{}]);
  });

  it('narrows none when the rule has no filters', () => {
    expect(filtersOf({ named }, { filters: false })).toEqual([{}]);
  });

  it('does not take the place of what the target itself filters by', () => {
    const own = { user_name: 'wang', client_type: 'Windows 10' };
    const people = { public_ip: ['203.0.113.7'], user_name: ['li.wei', 'mallory'] };
    expect(filtersOf({ named: people }, { targets: ['narrow'] })).toEqual([
      { ...own, public_ip: '203.0.113.7' },
      own,
    ]);
    expect(filtersOf({}, { targets: ['narrow'] })).toEqual([own]);
  });
});

describe('what an alert asks for itself', () => {
  it('is exported of the targets it names, with the defaults and without any rule', () => {
    const asked = { targetIds: ['narrow', 'acme', 'acme'] };
    expect(match({ asked, named: { public_ip: ['203.0.113.7'] } }, { before: 'PT9H' })).toEqual([
      expect.objectContaining({ target: 'narrow' }),
      { target: 'acme', window: USUAL, filters: { public_ip: '203.0.113.7' } },
    ]);
  });

  it('is refused when a target that it names is unknown', () => {
    expect(() => match({ asked: { targetIds: ['acme', 'acne'] } }, {})).toThrow(
      'detail.target_ids[1]: "acne" is not known; did you mean "acme"?',
    );
  });

  it('is the window, as it is', () => {
    const from = at('2026-11-01T00:00:00Z');
    const to = at('2027-01-01T00:00:00Z');
    const windows = (asked: Alert['asked']) => match(asked ? { asked } : {}, {}).map(({ window }) => window);
    expect(windows({ from, to })).toEqual(['2026-11-01T00:00:00Z/2027-01-01T00:00:00Z']);
    expect(windows({ from })).toEqual(['2026-11-01T00:00:00Z/2026-11-22T11:30:00Z']);
    expect(windows({ to })).toEqual(['2026-11-22T08:00:00Z/2027-01-01T00:00:00Z']);
  });

  it('is one set of filters, whatever else it names and whatever the rule says of filters', () => {
    const filters = { user_name: 'li.wei', public_ip: '203.0.113.7' };
    expect(match({ asked: { filters }, named }, { filters: false })).toMatchObject([{ filters }]);
    expect(match({ asked: { filters: {} }, named }, {})).toEqual([
      { target: 'acme', window: USUAL, filters: {} },
    ]);
    expect(match({ asked: { filters } }, { targets: ['narrow'] })).toMatchObject([
      { filters: { user_name: 'wang', public_ip: '203.0.113.7', client_type: 'Windows 10' } },
    ]);
  });

  it('needs a rule to say of which targets when it names none', () => {
    expect(match({ asked: { filters: {} } }, { match: { source: 'elsewhere' } })).toEqual([]);
  });
});
