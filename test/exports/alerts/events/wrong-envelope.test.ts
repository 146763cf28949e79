import { describe, expect, it } from 'vitest';
import { InputError } from '../../../../lib/domain/errors.ts';
import { readAlertEvent } from '../../../../lib/exports/alerts/events/event.ts';
import { ARRIVED_AT, fixture } from '../../../support/alerts/sample-events.ts';

const guardDuty = fixture('guardduty-iam-user');
const asff = fixture('securityhub-asff');
const ocsf = fixture('securityhub-ocsf');
const text = JSON.stringify(guardDuty);

const ENVELOPE =
  /wrap it as EventBridge does: \{"detail-type": "([^"]+)", "source": "([^"]+)", "account": "\d{12}", .+\}$/;

function faultOf(event: unknown) {
  try {
    readAlertEvent(event, { arrivedAt: ARRIVED_AT });
  } catch (error) {
    if (error instanceof InputError) return error.issues[0];
    throw error;
  }
  throw new Error('The event was read.');
}

describe('an event that is not in its envelope', () => {
  it.each([
    ['a GuardDuty finding', guardDuty.detail, 'GuardDuty finding', 'GuardDuty Finding'],
    ['a finding in ASFF', asff.detail.findings[0], '(ASFF)', 'Security Hub Findings - Imported'],
    ['the detail of one', asff.detail, '(ASFF)', 'Security Hub Findings - Imported'],
    [
      'the answer of GetFindings',
      { Findings: asff.detail.findings },
      '(ASFF)',
      'Security Hub Findings - Imported',
    ],
    ['an OCSF finding', ocsf.detail.findings[0], '(OCSF)', 'Findings Imported V2'],
    ['the detail of one', ocsf.detail, '(OCSF)', 'Findings Imported V2'],
    [
      'a request',
      fixture('login-export-requested').detail,
      'Login Export Requested',
      'Login Export Requested',
    ],
  ])('but %s, is reported with the envelope that it needs', (_, event, looks, detailType) => {
    const { path, message, fix = '' } = faultOf(event) ?? {};
    expect(path).toBe('(the whole document)');
    expect(message).toMatch(/^looks like .* without (its|their) envelope$/);
    expect(message).toContain(looks);
    expect(ENVELOPE.exec(fix)?.[1]).toBe(detailType);
    const shown = fix.replace('wrap it as EventBridge does: ', '').replace('<the finding>', '{}');
    expect(Object.keys(JSON.parse(shown))).toEqual([
      'detail-type',
      'source',
      'account',
      'region',
      'time',
      'detail',
    ]);
  });

  it.each([
    ['text', text, 'must be an object, and is JSON inside a text', 'without quotes around it'],
    ['a list', [guardDuty], 'must be an object, and is a list', 'one event at a time'],
    ['a list of nothing', [], 'must be an object, and is a list', 'one event at a time'],
    [
      'what SNS gives Lambda',
      { Records: [{ EventSource: 'aws:sns', Sns: { Message: text } }] },
      'SNS',
      'Records[0].Sns.Message',
    ],
    [
      'what SQS gives Lambda',
      { Records: [{ eventSource: 'aws:sqs', body: text }] },
      'SQS',
      'Records[0].body',
    ],
    ['what SNS sends', { Type: 'Notification', TopicArn: 'arn', Message: text }, 'SNS', 'in Message'],
    [
      'an entry of PutEvents',
      { Source: 'com.example', DetailType: 'Login Export Requested', Detail: '{}' },
      'PutEvents',
      'aws events put-events',
    ],
    [
      'entries of PutEvents',
      { Entries: [{ DetailType: 'x', Detail: '{}' }] },
      'PutEvents',
      'Detail as an object',
    ],
    [
      "a finding of GuardDuty's API",
      { Id: 'a', Type: 'Recon:EC2/Portscan', Service: {} },
      'capitals',
      'Login Export Requested',
    ],
    [
      "findings of GuardDuty's API",
      { Findings: [{ Id: 'a', Service: {} }] },
      'capitals',
      'Login Export Requested',
    ],
  ])('but %s, is reported with where the event is', (_, event, looks, right) => {
    const { message, fix } = faultOf(event) ?? {};
    expect(message).toContain(looks);
    expect(fix).toContain(right);
  });

  it.each([{}, { Records: [] }, { Records: 7 }, { findings: [{}] }, 'an alert', 7, { Type: 'Notification' }])(
    'and like nothing known, is reported what is expected: %j',
    (event) => {
      expect(faultOf(event)).not.toHaveProperty('fix');
      expect(faultOf(event)?.message).toMatch(/^must be (an object|one of "GuardDuty Finding", )/);
    },
  );
});
