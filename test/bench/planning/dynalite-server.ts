import { startDynalite } from '../../support/aws/dynalite-server.ts';
import { serveFrom } from '../processes.ts';
import { TABLE } from './ledger-place.ts';

const dynalite = await startDynalite();
await dynalite.createLedgerTable(TABLE);
await serveFrom(dynalite.clientConfig.endpoint);
await dynalite.close();
