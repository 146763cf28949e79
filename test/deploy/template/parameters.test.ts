import { expect, it } from 'vitest';
import { readParameters, type WrittenParameters } from '../../../lib/deploy/template/parameters.ts';

const FILE = 'infra/settings/parameters.yml';
const KEY = 'arn:aws:kms:eu-central-1:111122223333:key/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9';

const EMPTY = { alarm_email: '', kms_key_arn: '', subnet_ids: '', security_group_ids: '' };

const read = (written: Partial<WrittenParameters>) =>
  readParameters({ file: FILE, document: undefined, stage: 'prod', commandLine: [], ...written });
const readAll = (given: Record<string, unknown>) => read({ document: { default: given } });

it('asks for nothing that was left empty, or is not there at all', () => {
  expect(readAll(EMPTY)).toEqual({});
  expect(read({})).toEqual({});
  expect(read({ document: { prod: null, default: { alarm_email: null } } })).toEqual({});
});

it('takes the stage before the default, and the command line before both', () => {
  const document = {
    default: { alarm_email: 'default@example.com', kms_key_arn: KEY },
    prod: { alarm_email: 'prod@example.com' },
    test: { alarm_email: '', kms_key_arn: null },
  };
  const emails = ['prod', 'test', 'other'].map((stage) => read({ document, stage }).alarmEmail);
  expect(emails).toEqual(['prod@example.com', undefined, 'default@example.com']);
  expect(read({ document, stage: 'test' }).kmsKeyArn).toBe(KEY);
  const commandLine = ['alarm_email=line@example.com', 'settings=ours', 'kms_key_arn='];
  expect(read({ document, commandLine })).toEqual({ alarmEmail: 'line@example.com' });
});

it.each([
  [['samples'], 'samples: has no value; write --param="samples=..."'],
  [['setings=ours'], 'setings: is not known here; did you mean "settings"?'],
  [['alarm_mail=a@example.com'], 'alarm_mail: is not known here; did you mean "alarm_email"?'],
])('refuses %j on the command line', (commandLine, expected) => {
  expect(() => read({ commandLine })).toThrow(expected);
});

it('refuses a name that is not known under any stage, also one that is not deployed', () => {
  const document = { default: EMPTY, test: { alarm_mail: 'a@example.com', settings: 'ours' } };
  expect(() => read({ document })).toThrow(
    /^Invalid parameters file infra\/settings\/parameters\.yml:\n {2}test\.alarm_mail: is not known here; did you mean "alarm_email"\?\n {2}test\.settings: is not known/,
  );
});

it('reads an address, a key, and a VPC with blanks between its parts', () => {
  const given = {
    alarm_email: 'on-call@example.com',
    kms_key_arn: KEY,
    subnet_ids: 'subnet-0a1b2c3d, subnet-4e5f6a7b',
    security_group_ids: 'sg-0a1b2c3d4e5f60718',
  };
  expect(readAll(given)).toEqual({
    alarmEmail: 'on-call@example.com',
    kmsKeyArn: KEY,
    vpc: { subnetIds: ['subnet-0a1b2c3d', 'subnet-4e5f6a7b'], securityGroupIds: ['sg-0a1b2c3d4e5f60718'] },
  });
});

it.each([
  ['alarm_email', 'on-call', 'must be one e-mail address, or empty'],
  ['alarm_email', 'a@example.com,b@example.com', 'must be one e-mail address, or empty'],
  ['kms_key_arn', 'alias/logins', 'must be the ARN of a key, such as arn:aws:kms:'],
  ['kms_key_arn', KEY.replace('key/', 'alias/'), 'must be the ARN of a key, such as arn:aws:kms:'],
  ['subnet_ids', 'sg-0a1b2c3d', 'must be ids such as subnet-0a1b2c3d, separated by commas, or empty'],
  ['subnet_ids', 'subnet-0a1b2c3d', 'must be given together with security_group_ids'],
  ['security_group_ids', 'sg-0a1b2c3d', 'must be given together with security_group_ids'],
  ['alarm_mail', 'on-call@example.com', 'is not known here; did you mean "alarm_email"?'],
])('refuses %s: %s, and says what would be right', (name, value, expected) => {
  expect(() => readAll({ ...EMPTY, [name]: value })).toThrow(expected);
});

it('lists every issue at once', () => {
  const faulty = { ...EMPTY, alarm_email: 'nobody', kms_key_arn: 'none' };
  expect(() => readAll(faulty)).toThrow(/alarm_email: must[\s\S]*kms_key_arn: must/);
});
