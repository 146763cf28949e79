import {
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { Temporal } from 'temporal-polyfill';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createDynamoDbLedger } from '../../../lib/adapters/ledger/aws-dynamodb.ts';
import { rowKey, windowColumns } from '../../../lib/adapters/ledger/columns.ts';
import { itemOf } from '../../../lib/adapters/ledger/dynamodb-table.ts';
import type { RowKey } from '../../../lib/adapters/ledger/rows.ts';
import { InfrastructureError } from '../../../lib/domain/errors.ts';
import { requestId } from '../../../lib/domain/ledger/request-row.ts';
import { requestCodec } from '../../../lib/domain/ledger/stored-rows.ts';
import { entryOf } from '../../../lib/domain/ledger/window-row.ts';
import { describeLedgerContract } from '../../contracts/ledger.ts';
import { plain } from '../../contracts/ledger-store.ts';
import { type DynaliteServer, startDynalite } from '../../support/aws/dynalite-server.ts';
import { startFailingAws } from '../../support/aws/failing-server.ts';
import { alertRequest } from '../../support/ledger/request-rows.ts';
import { targetRow } from '../../support/ledger/target-rows.ts';
import { numberedRow, windowKey, windowRow } from '../../support/ledger/window-rows.ts';

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
    overwrite: (key, json) => spoil(client, table, { key: rowKey(key), columns: { document: json } }),
    spoil: (target_id, window, columns) => spoil(client, table, { key: { target_id, window }, columns }),
    rename: async (target_id, window, name) => {
      const { Item } = await client.send(
        new GetItemCommand({ TableName: table, Key: itemOf({ target_id, window }) }),
      );
      await client.send(new PutItemCommand({ TableName: table, Item: { ...Item, window: { S: name } } }));
      await client.send(new DeleteItemCommand({ TableName: table, Key: itemOf({ target_id, window }) }));
    },
    close: async () => client.destroy(),
  };
});

describe('the DynamoDB ledger on a table', () => {
  test('lists a row that it does not understand as unreadable, with what is wrong, beside the others', async () => {
    const table = await newTable();
    const client = new DynamoDBClient(server.clientConfig);
    const item = itemOf({ ...windowColumns(windowRow()), state: 'archived' });
    await client.send(new PutItemCommand({ TableName: table, Item: item }));
    const ledger = createDynamoDbLedger({ table, clientConfig: server.clientConfig });
    const other = windowRow({ filters: { user_name: 'a' } });
    await ledger.save(other);
    const entries = plain(await ledger.list('acme-prod', LONG_AGO)) as unknown[];
    const { window } = rowKey(windowKey());
    expect(entries).toHaveLength(2);
    expect(entries).toContainEqual(plain(entryOf(other)));
    expect(entries).toContainEqual({
      ...(plain(windowKey()) as object),
      state: 'unreadable',
      damage: `${window}: its state is "archived" and must be claimed, submitted, published, confirmed, failed, lost`,
      reason: 'catch-up',
      attempt: 1,
      orphans: 0,
    });
  });

  test('takes the version for the attempt of a row that says nothing of it, so that no message id comes twice', async () => {
    const table = await newTable();
    const client = new DynamoDBClient(server.clientConfig);
    const ledger = createDynamoDbLedger({ table, clientConfig: server.clientConfig });
    const found = async (document: string) => {
      const { attempt: _, ...row } = windowColumns(windowRow({ version: 5, attempt: 2 }));
      await client.send(new PutItemCommand({ TableName: table, Item: itemOf({ ...row, document }) }));
      return await ledger.find(windowKey());
    };
    expect(await found('{"attempt":2}')).toMatchObject({ state: 'unreadable', version: 5, attempt: 2 });
    expect(await found('no JSON')).toMatchObject({ state: 'unreadable', version: 5, attempt: 5 });
  });

  test('names the target and the window of a row without a document', async () => {
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
    await expect(ledger.save(windowRow())).rejects.toThrow(`write ${doing} to ${missing}`);
    const target = 'target acme-prod';
    await expect(ledger.list('acme-prod', LONG_AGO)).rejects.toThrow(
      `the windows of ${target} from ${missing}`,
    );
    await expect(ledger.findTarget('acme-prod')).rejects.toThrow(`read ${target} from ${missing}`);
    await expect(ledger.saveTarget(targetRow())).rejects.toThrow(`write ${target} to ${missing}`);
  });
});

test('the DynamoDB ledger reads what was last written, not a copy that lags behind', async () => {
  const { ledger, requests } = await faultyLedger({ answer: '{}' });
  await ledger.find(windowKey());
  await ledger.findTarget('acme-prod');
  await ledger.list('acme-prod', LONG_AGO);
  await ledger.listOpen('acme-prod');
  await ledger.newestExports('acme-prod', LONG_AGO);
  expect(requests().map((body) => JSON.parse(body).ConsistentRead)).toEqual([true, true, true, true, true]);
});

describe('a request that is there already', () => {
  // The stand-in refuses without a word on the row; there the ledger reads it, see the contract.
  test('comes with the refusal of DynamoDB, and costs no further call', async () => {
    const stored = alertRequest({ state: 'served', tasks: ['task-1'], version: 2, writeId: 'write-2' });
    const name = `request/${requestId(stored)}`;
    const document = requestCodec.toJson(stored);
    const row = {
      target_id: 'acme-prod',
      window: name,
      state: 'served',
      version: 2,
      write_id: 'write-2',
      document,
    };
    const { ledger, requests } = await faultyLedger({
      refuse: 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException',
      message: 'The conditional request failed',
      more: { Item: itemOf(row) },
    });
    expect(plain(await ledger.putRequest(alertRequest({ writeId: 'copy' })))).toEqual(plain(stored));
    expect(requests().map((body) => JSON.parse(body).ReturnValuesOnConditionCheckFailure)).toEqual([
      'ALL_OLD',
    ]);
  });

  test('and gone when it is read is told as such, and is not taken for stored', async () => {
    const { ledger, requests } = await faultyLedger((body) =>
      'Item' in body
        ? { refuse: 'ConditionalCheckFailedException', message: 'The conditional request failed' }
        : { answer: '{}' },
    );
    await expect(ledger.putRequest(alertRequest())).rejects.toThrow(
      /^Could not write the request of alert .* to target acme-prod to the ledger table windows: Error: its row was listed, and is missing now$/,
    );
    expect(requests()).toHaveLength(2);
  });
});

test('DynamoDB takes expired requests away by itself: no call is made', async () => {
  const { ledger, requests } = await faultyLedger({ answer: '{}' });
  await ledger.expireRequests('acme-prod', Temporal.Instant.from('2030-01-01T00:00:00Z'));
  expect(requests()).toEqual([]);
});

test('the newest exports for alerts are read in pages, and no further than asked', async () => {
  const table = await newTable();
  const ledger = createDynamoDbLedger({ table, clientConfig: server.clientConfig });
  const alertExport = (number: number) => ({ number, orderedAt: LONG_AGO.add({ hours: number }) });
  for (let number = 1; number <= 60; number += 1)
    await ledger.save(numberedRow(number, { alertExport: alertExport(number) }));
  const before = server.operations().length;
  expect(await ledger.newestExports('acme-prod', LONG_AGO.add({ hours: 36 }))).toHaveLength(25);
  expect(await ledger.newestExports('acme-prod', LONG_AGO.add({ hours: 35 }))).toHaveLength(26);
  expect(server.operations().slice(before)).toEqual(['Query', 'Query', 'Query']);
});

test('all that is open is one call', async () => {
  const table = await newTable();
  const ledger = createDynamoDbLedger({ table, clientConfig: server.clientConfig });
  await ledger.saveTarget(targetRow());
  await ledger.save(windowRow());
  await ledger.putRequest(alertRequest());
  const before = server.operations().length;
  expect((await ledger.listOpen('acme-prod')).requests).toHaveLength(1);
  expect(server.operations().slice(before)).toEqual(['Query']);
});

describe('the DynamoDB ledger in trouble', () => {
  test('passes on what AWS refuses, with the SDK error as cause', async () => {
    const message = 'User: arn:aws:sts::1:assumed-role/x is not authorized to perform: dynamodb:PutItem';
    const { ledger } = await faultyLedger({ refuse: 'AccessDeniedException', message });
    const error = await ledger.save(windowRow()).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InfrastructureError);
    expect(error).toMatchObject({
      message: expect.stringContaining(`to the ledger table windows: AccessDeniedException: ${message}`),
      cause: { name: 'AccessDeniedException' },
    });
  });

  test('tries a throttled call three times and then gives up', async () => {
    const fault = { refuse: 'ThrottlingException', message: 'Rate exceeded' };
    const { ledger, requests } = await faultyLedger(fault);
    await expect(ledger.save(windowRow())).rejects.toThrow('ThrottlingException: Rate exceeded');
    expect(requests()).toHaveLength(3);
  });

  test('says that nobody listens at the endpoint', async () => {
    const issue = await startFailingAws({ answer: '' });
    await issue.close();
    const ledger = createDynamoDbLedger({ table: 'windows', clientConfig: issue.clientConfig });
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

async function faultyLedger(issue: Parameters<typeof startFailingAws>[0]) {
  const { clientConfig, requests, close } = await startFailingAws(issue);
  onTestFinished(close);
  return { ledger: createDynamoDbLedger({ table: 'windows', clientConfig }), requests };
}
