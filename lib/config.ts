import * as z from 'zod/mini';
import { readInput } from './domain/faults.ts';

/** Every environment variable that the functions know. Nothing secret stands in one. */
export const ENVIRONMENT_NAMES = ['LEDGER_TABLE', 'TASK_QUEUE_URL', 'LOG_LEVEL'] as const;

const LOG_LEVELS = ['DEBUG', 'INFO', 'WARN', 'ERROR'] as const;

const environment = z.object({
  LEDGER_TABLE: z.string().check(z.minLength(1, 'must be the name of the DynamoDB table of the ledger')),
  TASK_QUEUE_URL: z.url('must be the URL of the SQS queue that takes the messages'),
  LOG_LEVEL: z._default(z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`), 'INFO'),
});

/** The settings of a deployed function. */
export type Config = Readonly<{
  ledgerTable: string;
  taskQueueUrl: string;
  logLevel: (typeof LOG_LEVELS)[number];
}>;

/** Reads the settings from an environment, or throws one `InputError` that lists every variable at fault. */
export function readConfig(variables: Record<string, string | undefined>): Config {
  const read = readInput(environment, variables, 'The environment of the function is not right:');
  return Object.freeze({
    ledgerTable: read.LEDGER_TABLE,
    taskQueueUrl: read.TASK_QUEUE_URL,
    logLevel: read.LOG_LEVEL,
  });
}
