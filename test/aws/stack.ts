import type { Resource, Template } from '../infra/packaged-service.ts';
import type { Aws } from './aws-cli.ts';
import { REGION } from './moto.ts';

/** moto's own account. */
export const ACCOUNT = '123456789012';

/** A stack as CloudFormation made it. */
export type Stack = {
  /** The physical id of a resource, by its logical one. */
  idOf(logicalId: string): string;
  /** A value of the template with every reference in it replaced by what it refers to. */
  resolve(value: unknown): unknown;
  resources(type: string): [logicalId: string, resource: Resource][];
};

export async function readStack(aws: Aws, name: string, template: Template): Promise<Stack> {
  const { StackResourceSummaries: summaries } = await aws(
    'cloudformation',
    'list-stack-resources',
    '--stack-name',
    name,
  );
  const made: [string, string][] = summaries.map((each: Record<string, string>) => [
    each['LogicalResourceId'],
    each['PhysicalResourceId'],
  ]);
  const ids = new Map(made.filter(([, id]) => id));
  const { Resources } = template;

  const idOf = (logicalId: string): string => {
    const id = ids.get(logicalId) ?? nameOf(Resources[logicalId]);
    if (id === undefined) throw new Error(`The stack has no ${logicalId}.`);
    return id;
  };

  const attribute = (logicalId: string, name: string): string => {
    const id = idOf(logicalId);
    if (name === 'QueueName') return id.split('/').at(-1) ?? '';
    if (name === 'Arn') return arnOf(Resources[logicalId]?.Type ?? '', id);
    throw new Error(`Nothing is known of ${logicalId}.${name}.`);
  };

  const reference = (name: string): string => PSEUDO[name] ?? idOf(name);

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
    const [[name, given] = []] = entries;
    const intrinsic = entries.length === 1 ? intrinsics[name ?? ''] : undefined;
    if (intrinsic) return intrinsic(given as never);
    return Object.fromEntries(entries.map(([key, inner]) => [key, resolve(inner)]));
  };

  const resolve = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(resolve);
    return typeof value === 'object' && value !== null ? resolveObject(value) : value;
  };

  const resources = (type: string) => Object.entries(Resources).filter(([, { Type }]) => Type === type);
  return { idOf, resolve, resources };
}

const PSEUDO: Record<string, string> = {
  'AWS::AccountId': ACCOUNT,
  'AWS::Region': REGION,
  'AWS::Partition': 'aws',
};

// Of what CloudFormation has not made here, the name that the template gives it.
function nameOf(resource: Resource | undefined): string | undefined {
  const name = resource?.Properties['Name'];
  return typeof name === 'string' ? name : undefined;
}

function arnOf(type: string, id: string): string {
  const name = id.split('/').at(-1);
  const arns: Record<string, string> = {
    'AWS::Lambda::Function': `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${id}`,
    'AWS::SQS::Queue': `arn:aws:sqs:${REGION}:${ACCOUNT}:${name}`,
    'AWS::IAM::Role': `arn:aws:iam::${ACCOUNT}:role/${id}`,
    'AWS::DynamoDB::Table': `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${id}`,
    'AWS::Events::Rule': `arn:aws:events:${REGION}:${ACCOUNT}:rule/${id}`,
    'AWS::S3::Bucket': `arn:aws:s3:::${id}`,
  };
  const arn = arns[type];
  if (arn === undefined) throw new Error(`No ARN is known of ${type}.`);
  return arn;
}
