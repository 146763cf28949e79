import { describe, expect, it } from 'vitest';
import { type Alert, INACTIVE } from '../../../lib/domain/alerts/alert.ts';
import { at, match, whyNot } from './matched-alert.ts';

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

  it('is not the only one: all that match apply, and what they ask for alike is requested for once', () => {
    const alike = { match: { source: 'aws.guardduty' } };
    const wider = { before: 'PT3H' };
    expect(match({}, {}, alike, wider, { match: { severity_at_least: 'critical' } })).toEqual([
      { target: 'acme', window: USUAL, filters: {} },
      { target: 'acme', window: '2026-11-22T07:00:00Z/2026-11-22T11:30:00Z', filters: {} },
    ]);
  });
});

describe('an alert that is about nothing that anybody did just now', () => {
  const including = (settings: object) => ({ match: settings });

  it.each([
    ...INACTIVE.map((inactive) => [{ inactive }, 'include_inactive'] as const),
    [{ isPosture: true }, 'include_posture'] as const,
  ])('like %j matches only a rule with %s', (changes, setting) => {
    expect(match(changes, {}, including({ [setting]: false }))).toEqual([]);
    expect(match(changes, including({ include_inactive: setting === 'include_posture' }))).toEqual([]);
    expect(match(changes, including({ [setting]: true }))).toHaveLength(1);
    expect(match(changes, including({ [setting]: true, source: 'elsewhere' }))).toEqual([]);
  });

  it('and is both needs both', () => {
    const both = { inactive: 'resolved', isPosture: true } as const;
    const [inactive, posture] = [{ include_inactive: true }, { include_posture: true }];
    expect(match(both, including(inactive), including(posture))).toEqual([]);
    expect(match(both, including({ ...inactive, ...posture }))).toHaveLength(1);
  });

  it('matches like any other when a person picked it out, however small it is', () => {
    const chosen = {
      inactive: 'archived',
      isPosture: true,
      severity: 'informational',
      isChosen: true,
    } as const;
    expect(match(chosen, { match: { severity_at_least: 'critical' } })).toHaveLength(1);
    expect(match(chosen, { match: { source: 'aws.securityhub' } })).toEqual([]);
    expect(match({ ...chosen, isChosen: false }, {})).toEqual([]);
  });
});

describe('why an alert leads to no export', () => {
  it.each([
    [{}, [], 'no rule matches it'],
    [{ inactive: 'archived' }, [{ match: { source: 'elsewhere' } }], 'no rule matches it'],
    [{}, [{ targets: ['off'] }], 'no target of the rules that match it is enabled'],
    [
      { inactive: 'archived' },
      [{}],
      'it is archived, and no rule that otherwise matches it has include_inactive: true',
    ],
    [
      { inactive: 'sample' },
      [{}],
      'it is a sample, and no rule that otherwise matches it has include_inactive: true',
    ],
    [
      { isPosture: true },
      [{ match: { include_inactive: true } }],
      'it is about compliance or a vulnerability, and no rule that otherwise matches it has include_posture: true',
    ],
    [
      { inactive: 'resolved', isPosture: true },
      [{}],
      'it is resolved and about compliance or a vulnerability, and no rule that otherwise matches it has include_inactive: true and include_posture: true',
    ],
  ] as const)('is reported: %j with %j', (changes, rules, why) => {
    expect(match(changes, ...rules)).toEqual([]);
    expect(whyNot(changes, ...rules)).toBe(why);
  });

  it('is not reported for one that leads to an export', () => {
    expect(whyNot({}, {})).toBeUndefined();
    expect(whyNot({ requested: { targetIds: ['acme'] } })).toBeUndefined();
  });
});

describe('a finding that was first seen long before its last sight', () => {
  const long = { firstSeen: at('2026-11-01T10:00:00Z') };
  const [FROM, TO] = ['2026-11-01T08:00:00Z', '2026-11-22T11:30:00Z'];

  it('is exported from its first sight where it names what to narrow it to', () => {
    expect(match({ ...long, named: { user_name: ['li.wei'] } }, {})).toEqual([
      { target: 'acme', window: `${FROM}/${TO}`, filters: { user_name: 'li.wei' } },
    ]);
  });

  it.each([
    [{ filters: false }, '2026-11-19T09:00:00Z'],
    [{ max_filters: 1 }, '2026-11-19T09:00:00Z'],
    [{ filters: false, before: 'PT24H' }, '2026-11-18T11:00:00Z'],
    [{ filters: false, unfiltered_span: 'PT240H' }, '2026-11-12T09:00:00Z'],
    [{ filters: false, unfiltered_span: 'PT0S' }, '2026-11-22T09:00:00Z'],
  ])(
    'is exported unfiltered for no more than the rule says, and what is left out is there to be reported: %j',
    (rule, start) => {
      const { before = 'PT2H' } = { before: 'PT2H', ...rule };
      const wanted = at('2026-11-01T10:00:00Z').subtract(before);
      expect(match({ ...long, named }, rule)).toEqual([
        { target: 'acme', window: `${start}/${TO}`, filters: {}, shortened: `${wanted}/${start}` },
      ]);
    },
  );

  it('is not shortened where the rule allows as much', () => {
    const whole = { target: 'acme', window: `${FROM}/${TO}`, filters: {} };
    expect(match(long, { unfiltered_span: 'PT720H' })).toEqual([whole]);
    expect(match({ firstSeen: at('2026-11-19T11:00:00Z') }, {})).toEqual([
      { ...whole, window: `2026-11-19T09:00:00Z/${TO}` },
    ]);
  });

  it("is shortened where only the target's own filters narrow it", () => {
    const own = { user_name: 'wang', client_type: 'Windows 10' };
    const people = { user_name: ['li.wei'] };
    const rule = { targets: ['narrow'] };
    expect(match({ ...long, named: people }, rule)).toMatchObject([
      { filters: own, shortened: expect.any(String) },
    ]);
    const address = { public_ip: ['203.0.113.7'] };
    expect(match({ ...long, named: address }, rule)).toEqual([
      { target: 'narrow', window: `${FROM}/${TO}`, filters: { ...own, ...{ public_ip: '203.0.113.7' } } },
    ]);
  });

  it('is not shortened where its window is requested for outright', () => {
    const window = `${FROM}/${TO}`;
    expect(match({ ...long, requested: {} }, {})).toEqual([{ target: 'acme', window, filters: {} }]);
    const from = at(FROM);
    expect(match({ ...long, requested: { from, targetIds: ['acme'] } })).toEqual([
      { target: 'acme', window, filters: {} },
    ]);
  });

  it('is requested for once by two rules that leave out different parts, with the greater of them', () => {
    const rules = [
      { unfiltered_span: 'PT72H', before: 'PT1H' },
      { unfiltered_span: 'PT71H', before: 'PT2H' },
    ];
    const start = '2026-11-19T10:00:00Z';
    const expected = [
      { target: 'acme', window: `${start}/${TO}`, filters: {}, shortened: `${FROM}/${start}` },
    ];
    expect(match(long, ...rules)).toEqual(expected);
    expect(match(long, ...rules.reverse())).toEqual(expected);
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
    ]);
    expect(filtersOf({ named: { user_name: ['li.wei'] } }, { targets: ['narrow'] })).toEqual([own]);
    expect(filtersOf({}, { targets: ['narrow'] })).toEqual([own]);
  });
});

describe('what an alert asks for itself', () => {
  it('is exported of the targets it names, with the defaults and without any rule', () => {
    const requested = { targetIds: ['narrow', 'acme', 'acme'] };
    expect(match({ requested, named: { public_ip: ['203.0.113.7'] } }, { before: 'PT9H' })).toEqual([
      expect.objectContaining({ target: 'narrow' }),
      { target: 'acme', window: USUAL, filters: { public_ip: '203.0.113.7' } },
    ]);
  });

  it('is refused when a target that it names is unknown', () => {
    expect(() => match({ requested: { targetIds: ['acme', 'acme', 'acne'] } }, {})).toThrow(
      'detail.target_ids[2]: "acne" is not known; did you mean "acme"?',
    );
  });

  it('is the window, as it is', () => {
    const from = at('2026-11-01T00:00:00Z');
    const to = at('2027-01-01T00:00:00Z');
    const windows = (requested: Alert['requested']) =>
      match(requested ? { requested } : {}, {}).map(({ window }) => window);
    expect(windows({ from, to })).toEqual(['2026-11-01T00:00:00Z/2027-01-01T00:00:00Z']);
    expect(windows({ from })).toEqual(['2026-11-01T00:00:00Z/2026-11-22T11:30:00Z']);
    expect(windows({ to })).toEqual(['2026-11-22T08:00:00Z/2027-01-01T00:00:00Z']);
  });

  it('is one set of filters, whatever else it names and whatever the rule says of filters', () => {
    const filters = { user_name: 'li.wei', public_ip: '203.0.113.7' };
    expect(match({ requested: { filters }, named }, { filters: false })).toMatchObject([{ filters }]);
    expect(match({ requested: { filters: {} }, named }, {})).toEqual([
      { target: 'acme', window: USUAL, filters: {} },
    ]);
    const { user_name: _, ...address } = filters;
    expect(match({ requested: { filters: address } }, { targets: ['narrow'] })).toMatchObject([
      { filters: { user_name: 'wang', public_ip: '203.0.113.7', client_type: 'Windows 10' } },
    ]);
    expect(() => match({ requested: { filters } }, { targets: ['narrow'] })).toThrow(
      'detail.filters.user_name: is not "wang", to which the target "narrow" is narrowed',
    );
  });

  it('needs a rule to say of which targets when it names none', () => {
    expect(match({ requested: { filters: {} } }, { match: { source: 'elsewhere' } })).toEqual([]);
  });
});
