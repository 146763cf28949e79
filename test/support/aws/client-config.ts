/** Settings with which an AWS client calls a stand-in. */
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
