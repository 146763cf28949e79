import type { Aws } from './aws-cli.ts';
import type { Moto } from './moto.ts';

const ASSUMED_BY_ANYBODY = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }],
};

/** The credentials of a role that may do everything but one action, as the environment of a function has them. */
export async function roleWithout(aws: Aws, action: string): Promise<Record<string, string>> {
  const name = `without-${action.replace(':', '-')}`;
  const named = ['--role-name', name];
  const { Role: role } = await aws(
    'iam',
    'create-role',
    ...named,
    '--assume-role-policy-document',
    JSON.stringify(ASSUMED_BY_ANYBODY),
  );
  const Statement = [
    { Effect: 'Allow', Action: '*', Resource: '*' },
    { Effect: 'Deny', Action: action, Resource: '*' },
  ];
  const document = JSON.stringify({ Version: '2012-10-17', Statement });
  await aws('iam', 'put-role-policy', ...named, '--policy-name', 'denied', '--policy-document', document);
  const words = ['--role-arn', role.Arn, '--role-session-name', 'test'];
  const { Credentials: credentials } = await aws('sts', 'assume-role', ...words);
  return {
    AWS_ACCESS_KEY_ID: credentials.AccessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.SecretAccessKey,
    AWS_SESSION_TOKEN: credentials.SessionToken,
  };
}

/** Has moto check signatures and permissions while `work` runs; it does not otherwise. */
export async function whilePermissionsCount<Value>(
  { origin }: Moto,
  work: () => Promise<Value>,
): Promise<Value> {
  const uncheckedCalls = (count: string) =>
    fetch(`${origin}/moto-api/reset-auth`, { method: 'POST', body: count });
  await uncheckedCalls('0');
  try {
    return await work();
  } finally {
    await uncheckedCalls('inf');
  }
}
