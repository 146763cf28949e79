import { createDynamoDbLedger } from '../../../../lib/adapters/ledger/aws-dynamodb.ts';
import { createSqsQueue } from '../../../../lib/adapters/queue/aws-sqs.ts';
import { createSecretsManagerStore } from '../../../../lib/adapters/secrets/aws-secrets-manager.ts';
import { orThrow } from '../../../../lib/exports/window/run-report.ts';
import { startDynalite } from '../../../support/aws/dynalite-server.ts';
import { startFauxqs } from '../../../support/aws/fauxqs-server.ts';
import { startSecretsManager } from '../../../support/aws/secrets-manager-server.ts';
import { startAwsFront } from './aws-front.ts';
import type { Deployment, StoredSecret } from './deployment.ts';
import { CREDENTIAL_NAME } from './secrets.ts';

const TABLE = 'ledger';

/** DynamoDB, SQS and Secrets Manager over HTTP, behind a front that makes calls fail. */
export async function createAwsDeployment(now: () => number): Promise<Deployment> {
  const [dynalite, fauxqs, manager] = await Promise.all([
    startDynalite(),
    startFauxqs(),
    startSecretsManager(),
  ]);
  await dynalite.createLedgerTable(TABLE);
  const queueUrl = await fauxqs.createQueue('tasks');
  const front = await startAwsFront({
    now,
    dynamodb: dynalite.clientConfig.endpoint,
    sqs: fauxqs.clientConfig.endpoint,
    secretsmanager: manager.clientConfig.endpoint,
  });
  const { clientConfig } = front;

  const store = (secret: StoredSecret): void => {
    const texts = { missing: undefined, malformed: '{"kind": "passw' };
    const text = typeof secret === 'string' ? texts[secret] : JSON.stringify(secret);
    if (text === undefined) manager.secrets.delete(CREDENTIAL_NAME);
    else manager.secrets.set(CREDENTIAL_NAME, { text });
  };

  return {
    isWarm: true,
    open: () => ({
      ledger: createDynamoDbLedger({ table: TABLE, clientConfig }),
      queue: createSqsQueue({ queueUrl, clientConfig }),
      secrets: createSecretsManagerStore({ clientConfig }),
    }),
    injectFailures: front.injectFailures,
    ledger: createDynamoDbLedger({ table: TABLE, clientConfig: dynalite.clientConfig }),
    sent: front.sent,
    store,
    verdict: (reports) => {
      orThrow({ targets: [...reports] });
      return 'succeeded';
    },
    close: async () => {
      await front.close();
      await Promise.all([dynalite, fauxqs, manager].map((server) => server.close()));
    },
  };
}
