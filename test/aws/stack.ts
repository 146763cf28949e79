import { type Resolver, resolver } from '../infra/intrinsics.ts';
import { type Resource, resourcesOf, type Template } from '../infra/packaged-service.ts';
import type { Aws } from './aws-cli.ts';
import { REGION } from './moto.ts';

/** moto's own account. */
const ACCOUNT = '123456789012';

/** A stack as CloudFormation made it. */
export type Stack = Pick<Resolver, 'resolve'> & {
  /** The physical id of a resource, by its logical one. */
  idOf(logicalId: string): string;
  resources(type: string): [logicalId: string, resource: Resource][];
};

type Summary = { LogicalResourceId?: string; PhysicalResourceId?: string };

export async function readStack(aws: Aws, name: string, template: Template): Promise<Stack> {
  const { StackResourceSummaries } = await aws(
    'cloudformation',
    'list-stack-resources',
    '--stack-name',
    name,
  );
  const summaries: Summary[] = StackResourceSummaries;
  const ids = new Map(summaries.map(({ LogicalResourceId: id, PhysicalResourceId: made }) => [id, made]));
  const { resolve, reference } = resolver({
    template,
    account: ACCOUNT,
    region: REGION,
    idOf: (logicalId) => ids.get(logicalId) || nameOf(template.Resources[logicalId]),
  });
  return { resolve, idOf: reference, resources: (type) => resourcesOf(template, type) };
}

// Of what CloudFormation has not made here, the name that the template gives it.
function nameOf(resource: Resource | undefined): string | undefined {
  const name = resource?.Properties['Name'];
  return typeof name === 'string' ? name : undefined;
}
