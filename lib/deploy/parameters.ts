import * as z from 'zod/mini';
import { readInput, strictObject } from '../domain/input/schema.ts';
import { strayIn } from '../domain/stray-characters.ts';

/** What one deployment has and another has not. What is absent was left empty. */
export type Parameters = {
  alarmEmail?: string;
  kmsKeyArn?: string;
  vpc?: { subnetIds: string[]; securityGroupIds: string[] };
};

/** Reads the parameters of a deployment by their names; throws an `InputError` that lists every issue. */
export function readParameters(raw: Record<string, unknown>): Parameters {
  const { alarm_email, kms_key_arn, subnet_ids, security_group_ids } = readInput(parameters, raw, SUBJECT);
  return {
    ...(alarm_email === '' ? {} : { alarmEmail: alarm_email }),
    ...(kms_key_arn === '' ? {} : { kmsKeyArn: kms_key_arn }),
    ...(subnet_ids.length === 0
      ? {}
      : { vpc: { subnetIds: subnet_ids, securityGroupIds: security_group_ids } }),
  };
}

const SUBJECT = 'The parameters of the deployment (infra/parameters.yml and --param) are not right:';

const EMAIL = /^[^\s@,]+@[^\s@,]+\.[^\s@,]+$/;
const KEY_ARN = /^arn:aws[\w-]*:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/;
const SUBNET = /^subnet-[0-9a-f]{8,17}$/;
const SECURITY_GROUP = /^sg-[0-9a-f]{8,17}$/;

const parameters = strictObject({
  alarm_email: emptyOr(EMAIL, 'must be one e-mail address, or empty'),
  kms_key_arn: emptyOr(
    KEY_ARN,
    'must be the ARN of a key, such as arn:aws:kms:eu-central-1:111122223333:key/0a1b2c3d-4e5f, or empty',
  ),
  subnet_ids: idsLike(SUBNET, 'subnet-0a1b2c3d'),
  security_group_ids: idsLike(SECURITY_GROUP, 'sg-0a1b2c3d'),
}).check(
  z.refine((given) => given.subnet_ids.length > 0 === given.security_group_ids.length > 0, {
    path: ['subnet_ids'],
    error: 'must be given together with security_group_ids, or neither of them',
  }),
);

function emptyOr(pattern: RegExp, expected: string) {
  const isRight = (text: string) => text === '' || (pattern.test(text) && strayIn(text) === undefined);
  return z.string(expected).check(z.refine(isRight, expected));
}

function idsLike(pattern: RegExp, example: string) {
  const expected = `must be ids such as ${example}, separated by commas, or empty`;
  const isRight = (ids: string[]) => ids.every((id) => pattern.test(id));
  return z.pipe(
    z.string(expected),
    z.pipe(z.transform(idsIn), z.array(z.string()).check(z.refine(isRight, expected))),
  );
}

function idsIn(text: string): string[] {
  return text.trim() === '' ? [] : text.split(',').map((id) => id.trim());
}
