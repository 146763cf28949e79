/** What makes an AWS client talk to a server of ours instead. */
export type AwsClientConfig = {
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
};

export function awsClientConfig(endpoint: string): AwsClientConfig {
  return {
    endpoint,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'FAKEACCESSKEYID', secretAccessKey: 'fake-secret-access-key' },
  };
}
