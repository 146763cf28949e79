import { DynamoDBClient, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { Temporal } from 'temporal-polyfill';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createDynamoDbLedger } from '../../../lib/adapters/ledger/aws-dynamodb.ts';
import { itemOf } from '../../../lib/adapters/ledger/dynamodb-items.ts';
import type { RowKey } from '../../../lib/adapters/ledger/rows.ts';
import { rowKey, windowRow } from '../../../lib/adapters/ledger/window-row.ts';
import { InfrastructureError } from '../../../lib/domain/errors.ts';
import { entryOf } from '../../../lib/domain/window-record.ts';
import { describeLedgerContract } from '../../contracts/ledger.ts';
import { plain } from '../../contracts/ledger-store.ts';
import { type AwsFault, startAwsFault } from '../../support/aws-fault-server.ts';
import { type DynaliteServer, startDynalite } from '../../support/dynalite-server.ts';
import { targetRecord } from '../../support/target-records.ts';
import { windowKey, windowRecord } from '../../support/window-records.ts';

const LONG_AGO = Temporal.Instant.from('1970-01-01T00:00:00Z');

let server: DynaliteServer;
let tables = 0;

beforeAll(async () => {
  server = await startDynalite();
});
afterAll(() => server.close());

describeLedgerContract('DynamoDB', async () => {
  const table = await newTable();
  const client = new DynamoDBClient(server.clientConfig);
  return {
    open: () => createDynamoDbLedger({ table, clientConfig: server.clientConfig }),
    overwrite: (key, json) => spoil(client, table, { key: rowKey(key), columns: { record: json } }),
    spoil: (target_id, window, columns) => spoil(client, table, { key: { target_id, window }, columns }),
    close: async () => client.destroy(),
  };
});

describe('the DynamoDB ledger on a table', () => {
  test('lists a row that it does not understand as unreadable, with what is wrong, beside the others', async () => {
    const table = await newTable();
    const client = new DynamoDBClient(server.clientConfig);
    const item = itemOf({ ...windowRow(windowRecord()), state: 'archived' });
    await client.send(new PutItemCommand({ TableName: table, Item: item }));
    const ledger = createDynamoDbLedger({ table, clientConfig: server.clientConfig });
    const other = windowRecord({ filters: { user_name: 'a' } });
    await ledger.save(other);
    const entries = plain(await ledger.list('acme-prod', LONG_AGO)) as unknown[];
    const { window } = rowKey(windowKey());
    expect(entries).toHaveLength(2);
    expect(entries).toContainEqual(plain(entryOf(other)));
    expect(entries).toContainEqual({
      ...(plain(windowKey()) as object),
      state: 'unreadable',
      problem: `${window}: its state is "archived" and must be claimed, submitted, announced, confirmed, failed, lost`,
      reason: 'catch-up',
      attempt: 1,
      orphans: 0,
    });
  });

  test('takes the version for the attempt of a row that says nothing of it, so that no message id comes twice', async () => {
    const table = await newTable();
    const client = new DynamoDBClient(server.clientConfig);
    const ledger = createDynamoDbLedger({ table, clientConfig: server.clientConfig });
    const found = async (record: string) => {
      const { attempt: _, ...row } = windowRow(windowRecord({ version: 5, attempt: 2 }));
      await client.send(new PutItemCommand({ TableName: table, Item: itemOf({ ...row, record }) }));
      return await ledger.find(windowKey());
    };
    expect(await found('{"attempt":2}')).toMatchObject({ state: 'unreadable', version: 5, attempt: 2 });
    expect(await found('no JSON')).toMatchObject({ state: 'unreadable', version: 5, attempt: 5 });
  });

  test('names the target and the window of a row without a record', async () => {
    const table = await newTable();
    const client = new DynamoDBClient(server.clientConfig);
    await client.send(new PutItemCommand({ TableName: table, Item: itemOf(rowKey(windowKey())) }));
    const ledger = createDynamoDbLedger({ table, clientConfig: server.clientConfig });
    await expect(ledger.find(windowKey())).rejects.toThrow(/of target acme-prod .* cannot be read/);
  });

  test('says which table is missing', async () => {
    const ledger = createDynamoDbLedger({ table: 'no-such-table', clientConfig: server.clientConfig });
    const doing = 'window 2026-11-22T00:00:00Z/2026-11-23T00:00:00Z of target acme-prod';
    const missing = 'the ledger table no-such-table: ResourceNotFoundException';
    await expect(ledger.find(windowKey())).rejects.toThrow(`read ${doing} from ${missing}`);
    await expect(ledger.save(windowRecord())).rejects.toThrow(`write ${doing} to ${missing}`);
    const target = 'target acme-prod';
    await expect(ledger.list('acme-prod', LONG_AGO)).rejects.toThrow(
      `the windows of ${target} from ${missing}`,
    );
    await expect(ledger.findTarget('acme-prod')).rejects.toThrow(`read ${target} from ${missing}`);
    await expect(ledger.saveTarget(targetRecord())).rejects.toThrow(`write ${target} to ${missing}`);
  });
});

test('the DynamoDB ledger reads what was last written, not a copy that lags behind', async () => {
  const { ledger, requests } = await faultyLedger({ answer: '{}' });
  await ledger.find(windowKey());
  await ledger.findTarget('acme-prod');
  await ledger.list('acme-prod', LONG_AGO);
  expect(requests().map((body) => JSON.parse(body).ConsistentRead)).toEqual([true, true, true]);
});

describe('the DynamoDB ledger in trouble', () => {
  test('passes on what AWS refuses, with the SDK error as cause', async () => {
    const message = 'User: arn:aws:sts::1:assumed-role/x is not authorized to perform: dynamodb:PutItem';
    const { ledger } = await faultyLedger({ refuse: 'AccessDeniedException', message });
    const error = await ledger.save(windowRecord()).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InfrastructureError);
    expect(error).toMatchObject({
      message: expect.stringContaining(`to the ledger table windows: AccessDeniedException: ${message}`),
      cause: { name: 'AccessDeniedException' },
    });
  });

  test('tries a throttled call three times and then gives up', async () => {
    const fault = { refuse: 'ThrottlingException', message: 'Rate exceeded' };
    const { ledger, requests } = await faultyLedger(fault);
    await expect(ledger.save(windowRecord())).rejects.toThrow('ThrottlingException: Rate exceeded');
    expect(requests()).toHaveLength(3);
  });

  test('says that nobody listens at the endpoint', async () => {
    const fault = await startAwsFault({ answer: '' });
    await fault.close();
    const ledger = createDynamoDbLedger({ table: 'windows', clientConfig: fault.clientConfig });
    await expect(ledger.find(windowKey())).rejects.toThrow(InfrastructureError);
    await expect(ledger.find(windowKey())).rejects.toThrow('ECONNREFUSED');
  });
});

async function newTable(): Promise<string> {
  tables += 1;
  const table = `windows-${tables}`;
  await server.createLedgerTable(table);
  return table;
}

type Spoilt = { key: RowKey; columns: Record<string, string> };

async function spoil(client: DynamoDBClient, table: string, { key, columns }: Spoilt) {
  for (const [name, text] of Object.entries(columns)) {
    const change = { UpdateExpression: 'SET #c = :c', ExpressionAttributeNames: { '#c': name } };
    const value = { ExpressionAttributeValues: { ':c': { S: text } } };
    await client.send(new UpdateItemCommand({ TableName: table, Key: itemOf(key), ...change, ...value }));
  }
}

async function faultyLedger(fault: AwsFault) {
  const { clientConfig, requests, close } = await startAwsFault(fault);
  onTestFinished(close);
  return { ledger: createDynamoDbLedger({ table: 'windows', clientConfig }), requests };
}
