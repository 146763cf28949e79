import { describe, expect, it } from 'vitest';
import { InputError } from '../../../../lib/domain/errors.ts';
import { orThrowIssues, readAlertEvent } from '../../../../lib/exports/alerts/events/event.ts';
import { ARRIVED_AT, alertsOf, changed, fixture, shown } from '../../../support/alerts/sample-events.ts';

const DETECTOR = 'arn:aws:guardduty:eu-central-1:111122223333:detector/12abc34d567e8fa901bc2d34e56789f0';

const read = (event: unknown) => readAlertEvent(event, { arrivedAt: ARRIVED_AT });

const found = { source: 'aws.guardduty', account: '111122223333', region: 'eu-central-1' };

describe('an event of the alert export', () => {
  it('from GuardDuty names who called, and from where', () => {
    expect(shown('guardduty-iam-user')).toEqual([
      {
        ...found,
        id: `${DETECTOR}/finding/16afba5c5c43e07c9e3e5e2e544e95df`,
        types: ['UnauthorizedAccess:IAMUser/MaliciousIPCaller.Custom'],
        severity: 'medium',
        firstSeen: '2026-11-22T09:41:12Z',
        lastSeen: '2026-11-22T10:04:55Z',
        named: { public_ip: ['198.51.100.7'], user_name: ['li.wei'] },
      },
    ]);
  });

  it('from GuardDuty names the machine that was connected to', () => {
    expect(shown('guardduty-ssh-brute-force')).toEqual([
      {
        ...found,
        id: `${DETECTOR}/finding/4eb1e2b3c4d5f6a7b8c9d0e1f2a3b4c5`,
        types: ['UnauthorizedAccess:EC2/SSHBruteForce'],
        severity: 'low',
        firstSeen: '2026-11-22T10:52:00Z',
        lastSeen: '2026-11-22T11:08:31Z',
        named: { public_ip: ['203.0.113.45'], machine_name: ['bastion-01'] },
      },
    ]);
  });

  it('from GuardDuty names every address that probed, once', () => {
    expect(shown('guardduty-port-probe')).toEqual([
      {
        ...found,
        id: `${DETECTOR}/finding/9cb4e8d2f1a0473b8e6d5c4b3a291807`,
        types: ['Recon:EC2/PortProbeUnprotectedPort'],
        severity: 'low',
        firstSeen: '2026-11-22T11:30:26Z',
        lastSeen: '2026-11-22T12:21:05Z',
        named: {
          public_ip: ['203.0.113.10', '203.0.113.11', '198.51.100.201'],
          machine_name: ['workspace-gateway-01'],
        },
      },
    ]);
  });

  it('from GuardDuty names the user of a database', () => {
    expect(shown('guardduty-rds-login')).toEqual([
      {
        ...found,
        id: `${DETECTOR}/finding/d2c1b0a99f8e4d7c6b5a493827160504`,
        types: ['CredentialAccess:RDS/AnomalousBehavior.SuccessfulBruteForce'],
        severity: 'high',
        firstSeen: '2026-11-22T13:12:44Z',
        lastSeen: '2026-11-22T13:58:02Z',
        named: { public_ip: ['198.51.100.23'], user_name: ['chen.jie'] },
      },
    ]);
  });

  it('from Security Hub CSPM is an alert for each of its findings', () => {
    expect(shown('securityhub-asff')).toEqual([
      {
        ...found,
        source: 'aws.securityhub',
        id: `${DETECTOR}/finding/16afba5c5c43e07c9e3e5e2e544e95df`,
        types: ['TTPs/UnauthorizedAccess:IAMUser-MaliciousIPCaller.Custom'],
        severity: 'medium',
        firstSeen: '2026-11-22T09:41:12Z',
        lastSeen: '2026-11-22T10:04:55Z',
        named: { public_ip: ['198.51.100.7'], user_name: ['li.wei'] },
      },
      {
        ...found,
        source: 'aws.securityhub',
        id: `${DETECTOR}/finding/4eb1e2b3c4d5f6a7b8c9d0e1f2a3b4c5`,
        types: ['TTPs/Initial Access/UnauthorizedAccess:EC2-SSHBruteForce'],
        severity: 'low',
        firstSeen: '2026-11-22T10:52:00Z',
        lastSeen: '2026-11-22T11:08:31Z',
        named: { public_ip: ['203.0.113.45'], machine_name: ['bastion-01'] },
      },
      {
        ...found,
        source: 'aws.securityhub',
        id: 'eu-central-1/111122223333/b1946ac92492d2347c6235b4d2611184',
        types: ['Unusual Behaviors/User', 'TTPs/Credential Access'],
        severity: 'critical',
        firstSeen: '2026-11-22T08:15:30Z',
        lastSeen: '2026-11-22T08:40:00Z',
        named: { public_ip: ['198.51.100.77', '2001:db8:77::1'], user_name: ['chen.jie'] },
      },
    ]);
  });

  it('from Security Hub is the one finding it carries', () => {
    const expected = [
      {
        ...found,
        source: 'aws.securityhub',
        id: `${DETECTOR}/finding/7ab1e2b3c4d5f6a7b8c9d0e1f2a3b4d6`,
        types: ['UnauthorizedAccess:EC2/RDPBruteForce'],
        severity: 'high',
        firstSeen: '2026-11-22T10:52:00Z',
        lastSeen: '2026-11-22T11:08:31Z',
        named: {
          public_ip: ['203.0.113.46'],
          user_name: ['zhang.min'],
          machine_name: ['workspace-gateway-01'],
        },
      },
    ];
    expect(shown('securityhub-ocsf')).toEqual(expected);
    const bare = changed('securityhub-ocsf', 'detail', fixture('securityhub-ocsf').detail.findings[0]);
    expect(alertsOf(bare)).toEqual(expected);
  });

  it('from a custom action of Security Hub is a finding that somebody picked out, whatever became of it', () => {
    expect(shown('securityhub-custom-action')).toEqual([
      {
        ...shown('securityhub-asff')[1],
        inactive: 'suppressed',
        isChosen: true,
      },
    ]);
    expect(shown('securityhub-asff').map(({ isChosen }) => isChosen)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('is called the same by GuardDuty and by Security Hub', () => {
    const names = ['guardduty-iam-user', 'guardduty-ssh-brute-force'].flatMap((name) => shown(name));
    expect(names.map(({ id }) => id)).toEqual(
      shown('securityhub-asff')
        .slice(0, 2)
        .map(({ id }) => id),
    );
  });

  it('may have findings that cannot be read among others that can', () => {
    const event = changed('securityhub-asff', 'detail.findings.1.Severity', 'LOW');
    expect(read(event)).toMatchObject({
      alerts: [{ named: { user_name: ['li.wei'] } }, { named: { user_name: ['chen.jie'] } }],
      issues: [{ path: 'detail.findings[1].Severity', message: 'must be an object (a mapping)' }],
    });
  });

  it('fails for findings that cannot be read once the others are served', () => {
    const issues = [{ path: 'detail.findings[1].Id', message: 'is missing (must be text)' }];
    expect(() => orThrowIssues({ issues }, 'served')).toThrow('detail.findings[1].Id: is missing');
    expect(orThrowIssues({ issues: [] }, 'served')).toBe('served');
  });
});

describe('what cannot be read', () => {
  const guardDuty = 'guardduty-iam-user';
  const asff = 'securityhub-asff';
  const ocsf = 'securityhub-ocsf';

  it.each([
    ['nothing', null, '(the whole document): must be an object'],
    ['text', 'an alert', '(the whole document): must be an object'],
    ['a number', 7, '(the whole document): must be an object'],
    ['an empty object', {}, 'detail-type: must be one of "GuardDuty Finding", '],
    ['another event', changed(guardDuty, 'detail-type', 'Scheduled Event'), 'detail-type: must be one of'],
    [
      'a detail-type of a list',
      changed(guardDuty, 'detail-type', ['GuardDuty Finding']),
      'detail-type: must',
    ],
    ['somebody else’s finding', changed(guardDuty, 'source', 'com.example'), 'source: must be aws.guardduty'],
    ['an event from nowhere', changed(guardDuty, 'region', undefined), 'region: is missing'],
    ['an event of no account', changed(guardDuty, 'account', 111122223333), 'account: must be text'],
    ['an event of no time', changed(guardDuty, 'time', 'noon'), 'time: must be a time such as'],
    [
      'an event from a source without end',
      changed('login-export-requested', 'source', 'x'.repeat(257)),
      'source: must have at most 256 characters',
    ],
    [
      'a finding of an account without end',
      changed(guardDuty, 'detail.accountId', '1'.repeat(257)),
      'detail.accountId: must have at most 256 characters',
    ],
    [
      'a detail that is text',
      changed(asff, 'detail', '{"findings": []}'),
      'detail: must be an object (a mapping), and is text; give',
    ],
    ['an event without detail', changed(guardDuty, 'detail', undefined), 'detail: is missing'],
    ['a finding without id', changed(guardDuty, 'detail.id', undefined), 'detail.id: is missing'],
    [
      'a finding with an endless id',
      changed(guardDuty, 'detail.id', 'x'.repeat(513)),
      'at most 512 characters',
    ],
    ['a finding of no type', changed(guardDuty, 'detail.type', ''), 'detail.type: must not be empty'],
    [
      'a severity in words',
      changed(guardDuty, 'detail.severity', 'high'),
      'detail.severity: must be a number',
    ],
    [
      'a sight at no time',
      changed(guardDuty, 'detail.service.eventLastSeen', 'yesterday'),
      'detail.service.eventLastSeen: must be a time such as',
    ],
    ['a sight at a date', changed(guardDuty, 'detail.updatedAt', '2026-11-22'), 'detail.updatedAt: must be'],
    [
      'a finding with an id that is a number',
      changed(guardDuty, 'detail.arn', 7),
      'detail.arn: must be text',
    ],
    ['findings that are no list', changed(asff, 'detail.findings', {}), 'detail.findings: must be a list'],
    [
      'a list of no findings',
      changed(asff, 'detail.findings', []),
      'detail.findings: must be a list of at least',
    ],
    ['no findings at all', changed(asff, 'detail', {}), 'detail.findings: must be a list of at least'],
    [
      'only findings that are none',
      changed(asff, 'detail.findings', [1, 2]),
      'detail.findings[1]: must be an',
    ],
    [
      'types that are no list',
      changed(ocsf, 'detail.findings.0.finding_info.types', 'x'),
      'types: must be a list',
    ],
    ['a finding of nothing', changed(ocsf, 'detail', {}), 'detail.finding_info: is missing'],
    [
      'an epoch beyond all time',
      changed(ocsf, 'detail.findings.0.time', 8.64e15 + 1),
      'detail.findings[0].time: must be a time in whole milliseconds since 1970',
    ],
    [
      'an epoch with a fraction',
      changed(ocsf, 'detail.findings.0.finding_info.last_seen_time', 1.5),
      'detail.findings[0].finding_info.last_seen_time: must be a time in whole milliseconds',
    ],
  ])('is %s, and the error says where', (_, event, message) => {
    expect(() => read(event)).toThrow(InputError);
    expect(() => read(event)).toThrow(message);
  });

  it('is reported with no more of it than anybody reads', () => {
    const none = Array.from({ length: 60 }, () => ({}));
    const error = errorOf(changed(asff, 'detail.findings', none));
    expect(error.issues).toHaveLength(51);
    expect(error.issues.at(-1)).toEqual({ path: '(the whole document)', message: 'has 10 issues more' });
    const endless = { reference: 'SOC-1', filters: { ['x'.repeat(5_000)]: 1 } };
    const [issue] = errorOf(changed('login-export-requested', 'detail', endless)).issues;
    expect(issue?.path).toHaveLength(200);
  });

  it('is reported all at once', () => {
    const event = changed(changed(guardDuty, 'time', 'noon'), 'detail.severity', '5');
    const faulty = () => read(changed(event, 'detail.id', undefined));
    expect(faulty).toThrow(/time: must be.*detail\.id: is missing.*detail\.severity: must be a number/s);
  });
});

function errorOf(event: unknown): InputError {
  try {
    read(event);
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
  throw new Error('The event was read.');
}
