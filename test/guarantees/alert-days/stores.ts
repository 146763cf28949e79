import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DynamoDBClient, paginateQuery, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { createDynamoDbLedger } from '../../../lib/adapters/ledger/aws-dynamodb.ts';
import { createSqliteLedger } from '../../../lib/adapters/ledger/local-sqlite.ts';
import type { Ledger } from '../../../lib/ports.ts';
import { startDynalite } from '../../support/aws/dynalite-server.ts';

/** The stored row of a request or of an export for alerts; `name` as in the messages of the program. */
export type StoredRow = { name: string; state: string; isOpen: boolean; document: string };

export type Column = 'document' | 'state';

/** A ledger, and access to its rows without the program's code. */
export type Store = {
  ledger: Ledger;
  rows(targetId: string, kind: 'request' | 'export'): Promise<StoredRow[]>;
  /** Makes one column of a row unreadable. */
  damage(targetId: string, row: StoredRow, column: Column): Promise<void>;
  close(): Promise<void>;
};

export type StoreKind = 'SQLite' | 'DynamoDB';

export function openStore(kind: StoreKind): Promise<Store> {
  return kind === 'SQLite' ? openSqlite() : openDynamoDb();
}

const DAMAGED = { document: '{"schema":1,', state: 'enounced' };

async function openSqlite(): Promise<Store> {
  const folder = mkdtempSync(join(tmpdir(), 'alert-days-'));
  const file = join(folder, 'ledger.sqlite');
  const ledger = createSqliteLedger({ file });
  const database = new DatabaseSync(file);
  const select = {
    request: database.prepare(
      `SELECT 'request/' || request AS name, state, open, document FROM alert_requests WHERE target_id = ?`,
    ),
    export: database.prepare(
      `SELECT "window" AS name, state, open, document FROM windows WHERE target_id = ? AND "window" LIKE 'alert/%'`,
    ),
  };
  return {
    ledger,
    rows: async (targetId, kind) =>
      select[kind].all(targetId).map(({ name, state, open, document }) => ({
        ...{ name: String(name), state: String(state), document: String(document) },
        isOpen: open !== null,
      })),
    damage: async (targetId, { name }, column) => {
      const [table, key, value] = name.startsWith('request/')
        ? ['alert_requests', 'request', name.slice('request/'.length)]
        : ['windows', '"window"', name];
      const update = `UPDATE ${table} SET ${column} = ? WHERE target_id = ? AND ${key} = ?`;
      database.prepare(update).run(DAMAGED[column], targetId, String(value));
    },
    close: async () => {
      database.close();
      ledger.close();
      rmSync(folder, { recursive: true });
    },
  };
}

const TABLE = 'ledger';

async function openDynamoDb(): Promise<Store> {
  const dynalite = await startDynalite();
  await dynalite.createLedgerTable(TABLE);
  const { clientConfig } = dynalite;
  const client = new DynamoDBClient(clientConfig);
  const ledger = createDynamoDbLedger({ table: TABLE, clientConfig });
  const begins = { request: 'request/', export: 'alert/' };
  return {
    ledger,
    rows: async (targetId, kind) => {
      const found: StoredRow[] = [];
      const query = {
        TableName: TABLE,
        ConsistentRead: true,
        KeyConditionExpression: 'target_id = :target_id AND begins_with(#window, :begin)',
        ExpressionAttributeNames: { '#window': 'window' },
        ExpressionAttributeValues: { ':target_id': { S: targetId }, ':begin': { S: begins[kind] } },
      };
      for await (const { Items: items = [] } of paginateQuery({ client }, query))
        for (const { window, state, open, document } of items)
          found.push({
            ...{ name: window?.S ?? '', state: state?.S ?? '', document: document?.S ?? '' },
            isOpen: open !== undefined,
          });
      return found;
    },
    damage: async (targetId, { name }, column) => {
      await client.send(
        new UpdateItemCommand({
          TableName: TABLE,
          Key: { target_id: { S: targetId }, window: { S: name } },
          UpdateExpression: 'SET #column = :damaged',
          ExpressionAttributeNames: { '#column': column },
          ExpressionAttributeValues: { ':damaged': { S: DAMAGED[column] } },
        }),
      );
    },
    close: async () => {
      client.destroy();
      await dynalite.close();
    },
  };
}
