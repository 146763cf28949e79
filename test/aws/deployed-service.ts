import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createEmulator } from '../../lib/emulator/emulator.ts';
import { deployLambda } from '../support/deployed/lambda.ts';
import { temporaryFolder } from '../support/vitest/temporary-folder.ts';
import { awsCli } from './aws-cli.ts';
import { packageFor, STACK } from './deployment.ts';
import { makeWhatIsLacking } from './lacking-in-moto.ts';
import { startMoto } from './moto.ts';
import { readStack } from './stack.ts';

export type DeployedService = Awaited<ReturnType<typeof deployService>>;

type Configuration = { Environment: { Variables: Record<string, string> } };

export type FunctionName = 'ScheduledExportLambdaFunction' | 'AlertExportLambdaFunction';

/** The service as `osls deploy` puts it on an AWS of its own, and an emulator of Huawei Cloud that it exports from. */
export async function deployService() {
  const emulator = createEmulator({ tokenSize: 9_000, taskCreatingSeconds: 0 });
  const { origin } = await emulator.listen();
  const moto = await startMoto();
  const aws = awsCli(moto.environment);
  const service = await packageFor(moto, origin);
  await service.osls('deploy', '--package', '.serverless');
  const stack = await readStack(aws, STACK, service.template);
  await makeWhatIsLacking(aws, stack);

  /** The zip that was uploaded, which is what the function was made of. */
  const download = async (name: FunctionName, folder: string) => {
    const file = join(folder, 'code.zip');
    const { S3Key: key } = Object(service.template.Resources[name]?.Properties['Code']);
    await aws(
      's3api',
      'get-object',
      '--bucket',
      stack.idOf('ServerlessDeploymentBucket'),
      '--key',
      key,
      file,
    );
    return { file, digest: createHash('sha256').update(readFileSync(file)).digest('base64') };
  };

  // Of a reference to something that moto's CloudFormation passed over, it leaves the whole variable out.
  const variablesOf = (name: FunctionName, { Environment: { Variables: made } }: Configuration) => {
    const { Environment: environment } = Object(service.template.Resources[name]?.Properties);
    const asked = stack.resolve(environment.Variables) as Record<string, string>;
    const other = Object.keys(made).filter((variable) => made[variable] !== asked[variable]);
    if (other.length > 0) throw new Error(`CloudFormation gave ${name} another ${other.join(' and ')}.`);
    return asked;
  };

  return {
    emulator,
    moto,
    aws,
    service,
    stack,
    /** The function as Lambda runs it: the zip and the environment that were deployed, in a process of its own. */
    load: async (name: FunctionName, environment: Record<string, string> = {}) => {
      const folder = temporaryFolder();
      const { Configuration: made } = await aws(
        'lambda',
        'get-function',
        '--function-name',
        stack.idOf(name),
      );
      const { file, digest } = await download(name, folder);
      if (digest !== made.CodeSha256) throw new Error(`What was uploaded is not what ${name} was made of.`);
      const given = { ...variablesOf(name, made), ...moto.environment, ...environment };
      return deployLambda(file, join(folder, 'task'), given);
    },
    /** What EventBridge Scheduler sends for a schedule now, with its own values filled in. */
    sentBy: async (group: string, name: string) => {
      const words = ['--group-name', stack.idOf(group), '--name', name];
      const { Target: target, Arn: arn } = await aws('scheduler', 'get-schedule', ...words);
      const now = `${new Date().toISOString().slice(0, 19)}Z`;
      const filled = target.Input.replace('<aws.scheduler.scheduled-time>', now);
      return JSON.parse(filled.replace('<aws.scheduler.schedule-arn>', arn));
    },
    close: async () => {
      await Promise.all([service.remove(), moto.stop(), emulator.close()]);
    },
  };
}
