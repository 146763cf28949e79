import { onTestFinished } from 'vitest';
import { createDynamoDbLedger } from '../../lib/adapters/ledger/aws-dynamodb.ts';
import { environmentOf, stubEnvironment } from './aws-environment.ts';
import { startDynalite } from './dynalite-server.ts';

/** The ledger of a deployed service, which AWS's own variables lead this process to until the test is over. */
export async function deployedLedger(table: string) {
  const { clientConfig, close, createLedgerTable, operations } = await startDynalite();
  onTestFinished(close);
  await createLedgerTable(table);
  stubEnvironment({ AWS_ENDPOINT_URL: clientConfig.endpoint, ...environmentOf(clientConfig) });
  return { ledger: createDynamoDbLedger({ table, clientConfig }), operations };
}
