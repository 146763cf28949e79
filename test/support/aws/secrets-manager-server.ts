import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { listenOnLoopback } from '../network/loopback.ts';
import { type AwsClientConfig, awsClientConfig } from './client-config.ts';

/** A secret as AWS keeps it: text, or bytes in base64. For `deleted` and `denied` the server sends the errors of AWS. */
export type StoredSecret = { text: string } | { binary: string } | { error: 'deleted' | 'denied' };

export type SecretsManagerServer = {
  clientConfig: AwsClientConfig;
  /** The secrets by name. Tests add, change and delete secrets at any time. Each is also found by its ARN. */
  secrets: Map<string, StoredSecret>;
  /** The number of requests for a secret. */
  requests(): number;
  close(): Promise<void>;
};

type Reply = { status: number; body: Record<string, unknown> };

const ARN_PREFIX = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:';

/** The ARN under which the server also knows a secret. */
export function secretArn(name: string): string {
  return `${ARN_PREFIX}${name}-AbCdEf`;
}

/**
 * Starts a stand-in for AWS Secrets Manager that speaks AWS JSON 1.1 and knows GetSecretValue.
 * Source of shapes and words: the API reference of Secrets Manager, GetSecretValue and Common Errors.
 */
export async function startSecretsManager(): Promise<SecretsManagerServer> {
  const secrets = new Map<string, StoredSecret>();
  let requests = 0;
  const server = createServer(async (request, response) => {
    requests += 1;
    send(
      response,
      isGetSecretValue(request) ? getSecretValue(secrets, await secretId(request)) : UNKNOWN_OPERATION,
    );
  });
  const { endpoint, close } = await listenOnLoopback(server);
  return {
    clientConfig: awsClientConfig(endpoint),
    secrets,
    requests: () => requests,
    close,
  };
}

const UNKNOWN_OPERATION = refuse('UnknownOperationException', '');

function isGetSecretValue({ headers, method }: IncomingMessage): boolean {
  const isSigned = headers.authorization?.startsWith('AWS4-HMAC-SHA256 ') ?? false;
  return method === 'POST' && isSigned && headers['x-amz-target'] === 'secretsmanager.GetSecretValue';
}

async function secretId(request: IncomingMessage): Promise<string> {
  const body = await json(request);
  return typeof body === 'object' && body !== null && 'SecretId' in body ? String(body.SecretId) : '';
}

function getSecretValue(secrets: Map<string, StoredSecret>, id: string): Reply {
  const name = [...secrets.keys()].find((known) => known === id || secretArn(known) === id);
  const secret = name === undefined ? undefined : secrets.get(name);
  if (name === undefined || secret === undefined) {
    return refuse('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
  }
  if ('error' in secret) return secret.error === 'deleted' ? deleted() : denied(name);
  return { status: 200, body: { ...description(name), ...secretValue(secret) } };
}

function description(name: string) {
  const version = { VersionId: '5f3d6c1e-0000-4000-8000-000000000001', VersionStages: ['AWSCURRENT'] };
  return { ARN: secretArn(name), Name: name, ...version, CreatedDate: 1_780_000_000.123 };
}

function secretValue(secret: { text: string } | { binary: string }) {
  return 'text' in secret ? { SecretString: secret.text } : { SecretBinary: secret.binary };
}

function deleted(): Reply {
  const message = "You can't perform this operation on the secret because it was marked for deletion.";
  return refuse('InvalidRequestException', message);
}

function denied(name: string): Reply {
  const who = 'User: arn:aws:sts::123456789012:assumed-role/export/export';
  const what = `is not authorized to perform: secretsmanager:GetSecretValue on resource: ${secretArn(name)}`;
  const why = 'because no identity-based policy allows the secretsmanager:GetSecretValue action';
  return refuse('AccessDeniedException', [who, what, why].join(' '));
}

function refuse(type: string, message: string): Reply {
  return { status: 400, body: { __type: type, Message: message } };
}

function send(response: ServerResponse, { status, body }: Reply): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
  response.end(JSON.stringify(body));
}
