import type { Template } from './packaged-service.ts';

/** Where a stack is, and what its resources are called. */
export type Made = {
  template: Template;
  account: string;
  region: string;
  /** The physical id of a resource, which is what `Ref` gives; undefined where there is none. */
  idOf(logicalId: string): string | undefined;
};

export type Resolver = {
  /** A value of the template with every reference in it replaced by what it refers to. */
  resolve(value: unknown): unknown;
  /** What `Ref` gives. Throws where nothing is known of it. */
  reference(logicalId: string): string;
  arnOf(logicalId: string): string;
};

/** CloudFormation's own functions, as far as the template has them; throws for any that it does not know. */
export function resolver(made: Made): Resolver {
  const pseudo: Record<string, string> = {
    'AWS::AccountId': made.account,
    'AWS::Region': made.region,
    'AWS::Partition': 'aws',
  };

  const reference = (name: string): string => {
    const value = pseudo[name] ?? made.idOf(name);
    if (value === undefined) throw new Error(`The stack has no ${name}.`);
    return value;
  };

  const arnOf = (logicalId: string) =>
    arn(made, made.template.Resources[logicalId]?.Type, reference(logicalId));

  const attribute = (logicalId: string, name: string): string => {
    if (name === 'Arn') return arnOf(logicalId);
    if (name === 'QueueName') return lastOf(reference(logicalId));
    throw new Error(`Nothing is known of ${logicalId}.${name}.`);
  };

  const substitute = (text: string): string =>
    text.replaceAll(/\$\{([\w:]+)(?:\.(\w+))?\}/g, (_, logicalId: string, name?: string) =>
      name ? attribute(logicalId, name) : reference(logicalId),
    );

  const intrinsics: Record<string, (given: never) => unknown> = {
    Ref: reference,
    'Fn::GetAtt': ([logicalId, name]: [string, string]) => attribute(logicalId, name),
    'Fn::Sub': substitute,
    'Fn::Join': ([separator, parts]: [string, unknown[]]) => parts.map(resolve).join(separator),
  };

  const resolveObject = (value: object): unknown => {
    const entries = Object.entries(value);
    const [[name = '', given] = []] = entries;
    const intrinsic = entries.length === 1 ? intrinsics[name] : undefined;
    if (intrinsic) return intrinsic(given as never);
    if (name.startsWith('Fn::')) throw new Error(`Nothing is known of ${name}.`);
    return Object.fromEntries(entries.map(([key, inner]) => [key, resolve(inner)]));
  };

  const resolve = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(resolve);
    return typeof value === 'object' && value !== null ? resolveObject(value) : value;
  };

  return { resolve, reference, arnOf };
}

function arn({ account, region }: Made, type = '', id: string): string {
  const here = `${region}:${account}`;
  const arns: Record<string, string> = {
    'AWS::Lambda::Function': `arn:aws:lambda:${here}:function:${id}`,
    'AWS::SQS::Queue': `arn:aws:sqs:${here}:${lastOf(id)}`,
    'AWS::IAM::Role': `arn:aws:iam::${account}:role/${id}`,
    'AWS::DynamoDB::Table': `arn:aws:dynamodb:${here}:table/${id}`,
    'AWS::Events::Rule': `arn:aws:events:${here}:rule/${id}`,
    'AWS::S3::Bucket': `arn:aws:s3:::${id}`,
  };
  const found = arns[type];
  if (found === undefined) throw new Error(`No ARN is known of ${type}.`);
  return found;
}

function lastOf(id: string): string {
  return id.split('/').at(-1) ?? '';
}
