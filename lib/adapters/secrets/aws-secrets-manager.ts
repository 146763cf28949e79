import type {
  GetSecretValueCommandOutput,
  SecretsManagerClientConfig,
} from '@aws-sdk/client-secrets-manager';
import { InfrastructureError, InputError } from '../../domain/errors.ts';
import { type Credential, readCredentialText } from '../../domain/input/credential.ts';
import type { SecretStore } from '../../ports.ts';
import { lazy } from '../aws-client.ts';
import { wrapErrors } from '../errors.ts';

type Options = {
  /** Milliseconds that only ever grow; the process's own unless a test brings another. */
  uptime?: () => number;
  /** How long a secret that was read is handed out again; 300 by default. */
  cacheSeconds?: number;
  /** Laid over what the SDK finds in the environment (region, credentials, endpoint) and over our time limits. */
  clientConfig?: SecretsManagerClientConfig;
};

const SHAPE = '{"kind": "password", "domain": "...", "user": "...", "password": "..."}';

/** The secrets in AWS Secrets Manager, by name or ARN. The SDK is loaded at the first call. */
export function createSecretsManagerStore({
  uptime = () => performance.now(),
  cacheSeconds = 300,
  clientConfig,
}: Options = {}): SecretStore {
  const client = lazy(async () => {
    const { createSecretsManagerClient } = await import('./secrets-manager-client.ts');
    return createSecretsManagerClient(clientConfig);
  });
  const cache = createReadCache(uptime, cacheSeconds, (name: string) =>
    wrapErrors(`read the secret "${name}" from Secrets Manager`, async () => {
      const { getSecretValue } = await client();
      const reply = await getSecretValue(name).catch((error: unknown) => explain(error, name));
      return credentialIn(reply, name);
    }),
  );
  return {
    read: (name, { fresh = false } = {}) => (fresh ? cache.reread(name) : cache.read(name)),
  };
}

function credentialIn({ SecretString: text }: GetSecretValueCommandOutput, name: string): Credential {
  if (text !== undefined) return readCredentialText(text, name);
  throw new InputError(`Invalid secret "${name}":`, [
    { path: '(the whole document)', message: `must be stored as text (SecretString), such as ${SHAPE}` },
  ]);
}

function explain(error: unknown, name: string): never {
  if (!(error instanceof Error)) throw error;
  if (error.name === 'ResourceNotFoundException') throw missing(name);
  if (error.name === 'AccessDeniedException') throw denied(error, name);
  if (error instanceof SyntaxError) throw garbled(name);
  throw error;
}

function missing(name: string): InputError {
  return new InputError('A secret is missing in Secrets Manager:', [
    {
      path: name,
      message: 'does not exist',
      fix: `create it, as text, with ${SHAPE}; kind may also be "token" or "access_key"`,
    },
  ]);
}

function denied(cause: Error, name: string): InfrastructureError {
  return new InfrastructureError(
    `Could not read the secret "${name}" from Secrets Manager: ${cause.name}: ${cause.message}.`,
    { cause, fix: 'Allow secretsmanager:GetSecretValue on it, and kms:Decrypt if it has a key of its own.' },
  );
}

// The parser's message quotes what it read and the SDK hangs the reply on the error: neither may be passed on.
function garbled(name: string): InfrastructureError {
  return new InfrastructureError(
    `Could not read the secret "${name}" from Secrets Manager: the reply is not JSON`,
  );
}

type Entry<Value> = { value: Promise<Value>; readAt: number; isPending: boolean };

/** Remembers what was read by name. */
type ReadCache<Value> = {
  /** The value as read within the cache's time, else read now. */
  read(name: string): Promise<Value>;
  /** The value read now, unless a read is under way already: then what that one brings. */
  reread(name: string): Promise<Value>;
};

/**
 * Keeps each value for `seconds`, by milliseconds that only ever grow, so that no change of a clock makes it older or
 * younger than it is; many callers share one read, and a read that failed is forgotten.
 */
function createReadCache<Value>(
  uptime: () => number,
  seconds: number,
  load: (name: string) => Promise<Value>,
): ReadCache<Value> {
  const entries = new Map<string, Entry<Value>>();

  const start = (name: string) => {
    const entry = { value: load(name), readAt: uptime(), isPending: true };
    entries.set(name, entry);
    entry.value.then(
      () => {
        entry.isPending = false;
      },
      () => entries.delete(name),
    );
    return entry.value;
  };
  const isYoung = ({ readAt }: Entry<Value>) => uptime() - readAt < seconds * 1_000;

  return {
    read(name) {
      const entry = entries.get(name);
      return entry && (entry.isPending || isYoung(entry)) ? entry.value : start(name);
    },
    reread(name) {
      const entry = entries.get(name);
      return entry?.isPending ? entry.value : start(name);
    },
  };
}
