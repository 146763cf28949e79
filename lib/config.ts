import * as z from 'zod/mini';
import { type Proxies, readProxies } from './domain/input/proxies.ts';
import { readInput } from './domain/input/schema.ts';

/** Every environment variable that the functions read. None holds a secret. */
export const ENVIRONMENT_NAMES = ['LEDGER_TABLE', 'TASK_QUEUE_URL', 'LOG_LEVEL'] as const;

const LOG_LEVELS = ['DEBUG', 'INFO', 'WARN', 'ERROR'] as const;

const common = {
  LEDGER_TABLE: z.string().check(z.minLength(1, 'must be the name of the DynamoDB table of the ledger')),
  TASK_QUEUE_URL: z.url('must be the URL of the SQS queue that takes the messages'),
  LOG_LEVEL: z._default(z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`), 'INFO'),
};

const environment = z.object(common);

/** An environment, as a process has it. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** The settings of a deployed function. */
export type Config = Readonly<{
  ledgerTable: string;
  taskQueueUrl: string;
  logLevel: (typeof LOG_LEVELS)[number];
  /** Absent where HTTPS_PROXY and HTTP_PROXY name none. */
  proxies?: Proxies;
}>;

const SUBJECT = 'Invalid environment of the function:';

/** Reads the settings from an environment, or throws one `InputError` that lists every invalid variable. */
export function readConfig(variables: Variables): Config {
  return Object.freeze({ ...commonOf(readInput(environment, variables, SUBJECT)), ...proxiesOf(variables) });
}

/** The log level, or the default for an invalid one: the log must be able to report that it is invalid. */
export function readLogLevel({ LOG_LEVEL }: Variables): Config['logLevel'] {
  return LOG_LEVELS.find((level) => level === LOG_LEVEL) ?? 'INFO';
}

function commonOf(read: z.output<typeof environment>): Config {
  return { ledgerTable: read.LEDGER_TABLE, taskQueueUrl: read.TASK_QUEUE_URL, logLevel: read.LOG_LEVEL };
}

function proxiesOf(variables: Variables): { proxies?: Proxies } {
  const proxies = readProxies(variables);
  return proxies ? { proxies } : {};
}
