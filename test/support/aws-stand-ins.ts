import { onTestFinished } from 'vitest';
import { environmentOf } from './aws-environment.ts';
import { startDynalite } from './dynalite-server.ts';
import { startFauxqs } from './fauxqs-server.ts';
import { startScheduler } from './scheduler-server.ts';
import { startSecretsManager } from './secrets-manager-server.ts';

/** Stand-ins for the four services until the test is over, and the environment that makes the SDK use them. */
export async function startStandIns() {
  const servers = [startDynalite(), startFauxqs(), startSecretsManager(), startScheduler()] as const;
  const [dynalite, fauxqs, manager, scheduler] = await Promise.all(servers);
  onTestFinished(async () => {
    await Promise.all([dynalite, fauxqs, manager, scheduler].map((server) => server.close()));
  });
  const environment = {
    ...environmentOf(dynalite.clientConfig),
    AWS_ENDPOINT_URL_DYNAMODB: dynalite.clientConfig.endpoint,
    AWS_ENDPOINT_URL_SQS: fauxqs.clientConfig.endpoint,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: manager.clientConfig.endpoint,
    AWS_ENDPOINT_URL_SCHEDULER: scheduler.clientConfig.endpoint,
  };
  return { dynalite, fauxqs, manager, scheduler, environment };
}
