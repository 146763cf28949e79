import { expect, it } from 'vitest';
import { readParameters } from '../../lib/deploy/parameters.ts';

const EMPTY = { alarm_email: '', kms_key_arn: '', subnet_ids: '', security_group_ids: '' };
const KEY = 'arn:aws:kms:eu-central-1:111122223333:key/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9';

it('asks for nothing that was left empty', () => {
  expect(readParameters(EMPTY)).toEqual({});
});

it('reads an address, a key, and a VPC with blanks between its parts', () => {
  const given = {
    alarm_email: 'on-call@example.com',
    kms_key_arn: KEY,
    subnet_ids: 'subnet-0a1b2c3d, subnet-4e5f6a7b',
    security_group_ids: 'sg-0a1b2c3d4e5f60718',
  };
  expect(readParameters(given)).toEqual({
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
  expect(() => readParameters({ ...EMPTY, [name]: value })).toThrow(expected);
});

it('lists every issue at once', () => {
  const faulty = { ...EMPTY, alarm_email: 'nobody', kms_key_arn: 'none' };
  expect(() => readParameters(faulty)).toThrow(/alarm_email: must[\s\S]*kms_key_arn: must/);
});
