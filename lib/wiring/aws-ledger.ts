import { createDynamoDbLedger } from '../adapters/ledger/aws-dynamodb.ts';
import type { Ledger } from '../ports.ts';

/**
 * The ledger of a deployed service, for a person who looks at it. Region and credentials are found as every AWS tool
 * finds them: in the environment, in a profile, by single sign-on.
 */
export function openAwsLedger(table: string): Ledger {
  return createDynamoDbLedger({ table });
}
