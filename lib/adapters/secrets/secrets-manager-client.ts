import {
  GetSecretValueCommand,
  SecretsManagerClient,
  type SecretsManagerClientConfig,
} from '@aws-sdk/client-secrets-manager';
import { AWS_LIMITS } from '../aws-client.ts';

/** The SDK's client with the one command that is used. Import this file late: it loads the SDK. */
export function createSecretsManagerClient(config: SecretsManagerClientConfig | undefined) {
  const client = new SecretsManagerClient({ ...AWS_LIMITS, ...config });
  return { getSecretValue: (name: string) => client.send(new GetSecretValueCommand({ SecretId: name })) };
}
