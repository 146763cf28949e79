import * as z from 'zod/mini';
import { InputError } from '../../domain/errors.ts';
import { readInput, strictObject } from '../../domain/input/schema.ts';
import { strayIn } from '../../domain/stray-characters.ts';

/** What one deployment has and another has not. What is absent was left empty. */
export type Parameters = {
  alarmEmail?: string;
  kmsKeyArn?: string;
  vpc?: { subnetIds: string[]; securityGroupIds: string[] };
};

/** Where the parameters of a deployment are written. */
export type WrittenParameters = {
  /** The parameters file: what it is called in messages, and its document, by stage; undefined where it is empty. */
  file: string;
  document: unknown;
  /** The stage that is deployed. Its values come before those under `default`. */
  stage: string;
  /** What was written after each `--param`: `name=value`. It goes before the file. */
  commandLine: readonly string[];
};

/** Reads the parameters of a deployment; throws an `InputError` that lists the issues. */
export function readParameters({ file, document, stage, commandLine }: WrittenParameters): Parameters {
  const stages = readInput(parametersFile, document ?? {}, `Invalid parameters file ${file}:`);
  const written = { ...stages['default'], ...stages[stage], ...Object.fromEntries(commandLine.map(pairOf)) };
  const subject = `Invalid parameters (${file} and --param):`;
  const { alarm_email, kms_key_arn, subnet_ids, security_group_ids } = readInput(
    parameters,
    written,
    subject,
  );
  return {
    ...(alarm_email === '' ? {} : { alarmEmail: alarm_email }),
    ...(kms_key_arn === '' ? {} : { kmsKeyArn: kms_key_arn }),
    ...(subnet_ids.length === 0
      ? {}
      : { vpc: { subnetIds: subnet_ids, securityGroupIds: security_group_ids } }),
  };
}

function pairOf(word: string): [name: string, value: string] {
  const [name = '', ...rest] = word.split('=');
  if (rest.length > 0) return [name, rest.join('=').trimEnd()];
  const message = `has no value; write --param="${name}=..."`;
  throw new InputError('Invalid parameter on the command line:', [{ path: name, message }]);
}

const EMAIL = /^[^\s@,]+@[^\s@,]+\.[^\s@,]+$/;
const KEY_ARN = /^arn:aws[\w-]*:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/;
const SUBNET = /^subnet-[0-9a-f]{8,17}$/;
const SECURITY_GROUP = /^sg-[0-9a-f]{8,17}$/;

// Each is left out, or null, where another place says it.
const ofAStage = strictObject({
  alarm_email: z.optional(z.unknown()),
  kms_key_arn: z.optional(z.unknown()),
  subnet_ids: z.optional(z.unknown()),
  security_group_ids: z.optional(z.unknown()),
});

const parametersFile = z.record(
  z.string(),
  z.pipe(
    z.nullable(ofAStage),
    z.transform((stage) => withoutNull(stage ?? {})),
  ),
);

function withoutNull(stage: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(stage).filter(([, value]) => value !== null));
}

const parameters = strictObject({
  alarm_email: emptyOr(EMAIL, 'must be one e-mail address, or empty'),
  kms_key_arn: emptyOr(
    KEY_ARN,
    'must be the ARN of a key, such as arn:aws:kms:eu-central-1:111122223333:key/0a1b2c3d-4e5f, or empty',
  ),
  subnet_ids: idsLike(SUBNET, 'subnet-0a1b2c3d'),
  security_group_ids: idsLike(SECURITY_GROUP, 'sg-0a1b2c3d'),
  // Where the settings are: known here so that a misspelt one is refused. The build reads them.
  settings: z.optional(z.string()),
  samples: z.optional(z.string()),
}).check(
  z.refine((given) => given.subnet_ids.length > 0 === given.security_group_ids.length > 0, {
    path: ['subnet_ids'],
    error: 'must be given together with security_group_ids, or neither of them',
  }),
);

function emptyOr(pattern: RegExp, expected: string) {
  const isRight = (text: string) => text === '' || (pattern.test(text) && strayIn(text) === undefined);
  return z._default(z.string(expected).check(z.refine(isRight, expected)), '');
}

function idsLike(pattern: RegExp, example: string) {
  const expected = `must be ids such as ${example}, separated by commas, or empty`;
  const isRight = (ids: string[]) => ids.every((id) => pattern.test(id));
  return z.pipe(
    z._default(z.string(expected), ''),
    z.pipe(z.transform(idsIn), z.array(z.string()).check(z.refine(isRight, expected))),
  );
}

function idsIn(text: string): string[] {
  return text.trim() === '' ? [] : text.split(',').map((id) => id.trim());
}
