import { createDynamoDbLedger } from '../adapters/ledger/aws-dynamodb.ts';
import type { Ledger } from '../ports.ts';

/**
 * The ledger of a deployed service, for the command line. The AWS client finds region and credentials as every AWS tool
 * does: in the environment, in a profile, by single sign-on. It has its own file, so that the command line does not load
 * the other AWS clients.
 */
export function openAwsLedger(table: string): Ledger {
  return createDynamoDbLedger({ table });
}
