import { onTestFinished } from 'vitest';
import { startDynalite } from './dynalite-server.ts';
import { environmentOf } from './environment.ts';
import { startFauxqs } from './fauxqs-server.ts';
import { startSecretsManager } from './secrets-manager-server.ts';

/** Stand-ins for the three services until the end of the test, and the environment with which the SDK uses them. */
export async function startStandIns() {
  const servers = [startDynalite(), startFauxqs(), startSecretsManager()] as const;
  const [dynalite, fauxqs, manager] = await Promise.all(servers);
  onTestFinished(async () => {
    await Promise.all([dynalite, fauxqs, manager].map((server) => server.close()));
  });
  const environment = {
    ...environmentOf(dynalite.clientConfig),
    AWS_ENDPOINT_URL_DYNAMODB: dynalite.clientConfig.endpoint,
    AWS_ENDPOINT_URL_SQS: fauxqs.clientConfig.endpoint,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: manager.clientConfig.endpoint,
  };
  return { dynalite, fauxqs, manager, environment };
}
