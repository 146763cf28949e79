import { describe, expect, it } from 'vitest';
import { readAlertRules } from '../../../lib/domain/alerts/alert-rule.ts';
import { InputError } from '../../../lib/domain/errors.ts';
import { readTargets } from '../../../lib/domain/input/targets-file.ts';
import { issueText } from '../../../lib/domain/issue.ts';

const least = { region: 'ap-southeast-3', credential: 'huawei/acme' };
const targets = readTargets(
  {
    targets: [
      { ...least, id: 'acme-prod' },
      { ...least, id: 'acme-eu' },
      { ...least, id: 'off', enabled: false },
    ],
  },
  { source: 'targets.yml', regions: ['ap-southeast-3'] },
);

const read = (document: unknown) => readAlertRules(document, { source: 'alerts.yml', targets });

const rule = { id: 'guardduty', match: {}, targets: ['acme-prod'] };

function errorOf(document: unknown): InputError {
  try {
    read(document);
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
  throw new Error('The document was accepted.');
}

const issuesOf = (document: unknown) =>
  Object.fromEntries(errorOf(document).issues.map((issue) => [issue.path, issueText(issue)]));

describe('an alerts file', () => {
  it('needs no more of a rule than id, match and targets; the rest has defaults', () => {
    const [read1] = read({ rules: [rule] });
    expect(read1).toMatchObject({ ...rule, filters: true, maxFilters: 5 });
    expect(`${read1?.before} ${read1?.after} ${read1?.unfilteredSpan}`).toBe('PT2H PT30M PT72H');
  });

  it('keeps everything that it says, of a target that is not enabled too', () => {
    const match = {
      source: 'aws.guardduty',
      type: 'UnauthorizedAccess:IAMUser/',
      account: '012345678901',
      region: 'us-gov-west-1',
    };
    const written = { severity_at_least: 'medium', include_inactive: true, include_posture: false };
    const [read1] = read({
      rules: [
        {
          ...{ id: 'one', match: { ...match, ...written }, targets: ['acme-eu', 'off'] },
          ...{ before: 'PT720H', after: 'PT1S', unfiltered_span: 'PT720H', filters: false, max_filters: 60 },
        },
      ],
    });
    expect(read1).toMatchObject({ id: 'one', targets: ['acme-eu', 'off'], filters: false, maxFilters: 60 });
    expect(read1?.match).toEqual({
      ...match,
      ...{ severityAtLeast: 'medium', includeInactive: true, includePosture: false },
    });
    expect(`${read1?.before} ${read1?.after} ${read1?.unfilteredSpan}`).toBe('PT720H PT1S PT720H');
  });

  it('may have no rules', () => {
    expect(read({ rules: [] })).toEqual([]);
  });

  it('with many issues gets one error that bears its name and lists them all, each with what would be right', () => {
    const document = {
      rules: [
        { ...rule, match: { severity: 'high', account: 111122223333 }, before: '2h' },
        { ...rule, targets: ['acme-eu', 'acme-pord', 'acme-eu'], max_filter: 3 },
        { id: 7, match: {}, targets: ['nobody-knows-it', 8] },
      ],
    };
    expect(errorOf(document).message).toMatch(/^Invalid alerts file alerts\.yml:\n/);
    expect(issuesOf(document)).toEqual({
      'rules[0].match.severity':
        'is not known here; known are source, type, severity_at_least, account, region, include_inactive, include_posture',
      'rules[0].match.account': 'must be text: put the number in quotes, such as "012345678901"',
      'rules[0].before': expect.stringContaining('such as PT30M, and at most PT720H'),
      'rules[1].max_filter': 'is not known here; did you mean "max_filters"?',
      'rules[1].id': 'must be unique, and rules[0].id is "guardduty" too',
      'rules[1].targets[1]': 'is not the id of a target; did you mean "acme-prod"?',
      'rules[1].targets[2]': 'must be unique, and rules[1].targets[0] is "acme-eu" too',
      'rules[2].id': 'must be text; put it in quotes',
      'rules[2].targets[0]': 'is not the id of a target; known are acme-prod, acme-eu, off',
      'rules[2].targets[1]': 'must be text; put it in quotes',
    });
  });

  it.each([
    ['id', { id: 'GuardDuty' }, '1 to 63 characters from a-z'],
    ['id', { id: undefined }, 'is missing'],
    ['match', { match: undefined }, 'is missing'],
    ['match', { match: null }, 'must be an object'],
    ['match.source', { match: { source: '' } }, 'such as aws.guardduty, or left out to match all'],
    ['match.source', { match: { source: null } }, 'must be text'],
    ['match.source', { match: { source: ['aws.guardduty'] } }, 'must be text'],
    ['match.type', { match: { type: '' } }, 'or left out to match all'],
    ['match.types', { match: { types: ['Recon:'] } }, 'did you mean "type"?'],
    ['match.severity_at_least', { match: { severity_at_least: 'HIGH' } }, 'low, medium, high, critical'],
    ['match.severity_at_least', { match: { severity_at_least: 7 } }, 'low, medium, high, critical'],
    ['match.account', { match: { account: '1111-2222-3333' } }, 'the 12 digits'],
    ['match.region', { match: { region: 'Frankfurt' } }, 'such as eu-central-1'],
    ['targets', { targets: [] }, 'at least one'],
    ['targets', { targets: 'acme-prod' }, 'must be a list'],
    ['targets', { targets: undefined }, 'is missing'],
    ['target', { target: ['acme-prod'] }, 'did you mean "targets", which is there as well?'],
    ['match.source', { match: { source: 'aws.guardduty ' } }, 'ends with a space (U+0020); remove it'],
    ['match.type', { match: { type: 'Recon\ufffd' } }, 'holds U+FFFD'],
    ['match.source', { match: { source: 'x'.repeat(257) } }, 'at most 256 characters'],
    ['match.type', { match: { type: 'x'.repeat(257) } }, 'at most 256 characters'],
    ['match.include_inactive', { match: { include_inactive: 'archived' } }, 'true or false'],
    ['match.include_posture', { match: { include_posture: 1 } }, 'true or false'],
    ['match.include_archived', { match: { include_archived: true } }, 'did you mean "include_inactive"?'],
    ['unfiltered_span', { unfiltered_span: 'PT721H' }, 'at most PT720H'],
    ['unfiltered_span', { unfiltered_span: 'P3D' }, 'such as PT30M'],
    ['before', { before: 'PT721H' }, 'at most PT720H'],
    ['before', { before: 120 }, 'such as PT30M'],
    ['before', { before: '-PT2H' }, 'such as PT30M'],
    ['after', { after: 'PT169H' }, 'at most PT168H'],
    ['after', { after: 'PT0S' }, 'at least PT1S'],
    ['filters', { filters: 'yes' }, 'true or false'],
    ['filters', { filters: { user_name: 'x' } }, 'true or false'],
    ['max_filters', { max_filters: 0 }, 'from 1 to 60'],
    ['max_filters', { max_filters: '5' }, 'from 1 to 60'],
  ])('says of %s what is wrong with %j', (path, settings, right) => {
    expect(issuesOf({ rules: [{ ...rule, ...settings }] })).toEqual({
      [`rules[0].${path}`]: expect.stringContaining(right),
    });
  });

  it.each([
    [null, '(the whole document)'],
    [[rule], '(the whole document)'],
    [{}, 'rules'],
    [{ rules: null }, 'rules'],
    [{ rules: { guardduty: rule } }, 'rules'],
    [{ rules: ['guardduty'] }, 'rules[0]'],
  ])('is not %j', (document, path) => {
    expect(Object.keys(issuesOf(document))).toEqual([path]);
  });
});
