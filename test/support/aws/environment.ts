import { onTestFinished, vi } from 'vitest';
import type { AwsClientConfig } from './client-config.ts';

/** The environment variables for region and credentials. */
export function environmentOf({ region, credentials }: AwsClientConfig) {
  return {
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  };
}

/** Sets environment variables of this process until the end of the test. */
export function stubEnvironment(variables: Record<string, string>): void {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
}
