import { expect, it } from 'vitest';
import { secretArns } from '../../lib/deploy/secret-arns.ts';
import { targetAt } from '../support/huawei/start-huawei.ts';

const ARN = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:huawei/acme';

const target = (credential: string, enabled = true) =>
  targetAt('http://127.0.0.1:1', { credential, enabled });

const byName = (name: string) => ({
  'Fn::Join': [
    ':',
    [
      'arn',
      { Ref: 'AWS::Partition' },
      'secretsmanager',
      { Ref: 'AWS::Region' },
      { Ref: 'AWS::AccountId' },
      'secret',
      `${name}-??????`,
    ],
  ],
});

it.each([
  ['a name is completed by account and region', 'huawei/acme', byName('huawei/acme')],
  ['a whole ARN stays as it is', `${ARN}-AbCdEf`, `${ARN}-AbCdEf`],
  ['an ARN without the six characters gets room for them', ARN, `${ARN}-??????`],
])('%s', (_, credential, expected) => {
  expect(secretArns({ targets: [target(credential)] })).toEqual([expected]);
});

it('those of enabled targets are there once each, those of others not', () => {
  const targets = [target('a'), target('a'), target('b'), target('c', false)];
  expect(secretArns({ targets })).toEqual([byName('a'), byName('b')]);
});

it('with no target enabled they are those of all, because a statement must name something', () => {
  expect(secretArns({ targets: [target('a', false), target('b', false)] })).toEqual([
    byName('a'),
    byName('b'),
  ]);
});

it('more than a role has room for are refused', () => {
  const many = (count: number) => Array.from({ length: count }, (_, index) => target(`c${index}`));
  expect(secretArns({ targets: many(60) })).toHaveLength(60);
  expect(() => secretArns({ targets: many(61) })).toThrow('The targets name 61 secrets');
});
