import { DynamoDBClient, GetItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createDynamoDbLedger } from '../../../lib/adapters/ledger/aws-dynamodb.ts';
import { rowKey } from '../../../lib/adapters/ledger/window-row.ts';
import { InfrastructureError } from '../../../lib/domain/errors.ts';
import { describeLedgerContract } from '../../contracts/ledger.ts';
import { type AwsFault, startAwsFault } from '../../support/aws-fault-server.ts';
import { type DynaliteServer, startDynalite } from '../../support/dynalite-server.ts';
import { windowKey, windowRecord } from '../../support/window-records.ts';

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
    overwrite: async (key, json) => {
      const change = { UpdateExpression: 'SET #r = :r', ExpressionAttributeNames: { '#r': 'record' } };
      const value = { ExpressionAttributeValues: { ':r': { S: json } } };
      await client.send(new UpdateItemCommand({ TableName: table, Key: keyItem(key), ...change, ...value }));
    },
    close: async () => client.destroy(),
  };
});

describe('the DynamoDB ledger on a table', () => {
  test('keeps the row that operators find by state, beside the whole record', async () => {
    const table = await newTable();
    const ledger = createDynamoDbLedger({ table, clientConfig: server.clientConfig });
    await ledger.save(windowRecord({ filters: { vm_ip: '10.0.0.1' } }));
    const client = new DynamoDBClient(server.clientConfig);
    const { window } = rowKey(windowKey({ filters: { vm_ip: '10.0.0.1' } }));
    const { Item } = await client.send(
      new GetItemCommand({ TableName: table, Key: { target_id: { S: 'acme-prod' }, window: { S: window } } }),
    );
    expect(window).toMatch(/^2026-11-22T00:00:00\.0{9}Z\/2026-11-23T00:00:00\.0{9}Z\/[0-9a-f]{16}$/);
    expect(Item).toEqual({
      target_id: { S: 'acme-prod' },
      window: { S: window },
      state: { S: 'claimed' },
      version: { N: '1' },
      write_id: { S: 'write-1' },
      updated_at: { S: '2026-11-23T00:35:01.5Z' },
      record: { S: expect.stringContaining('"lease_until":"2026-11-23T00:40:00.123456789Z"') },
    });
  });

  test('names the target and the window of a row without a record', async () => {
    const table = await newTable();
    const client = new DynamoDBClient(server.clientConfig);
    await client.send(new PutItemCommand({ TableName: table, Item: keyItem() }));
    const ledger = createDynamoDbLedger({ table, clientConfig: server.clientConfig });
    await expect(ledger.find(windowKey())).rejects.toThrow(/of target acme-prod .* cannot be read/);
  });

  test('says which table is missing', async () => {
    const ledger = createDynamoDbLedger({ table: 'no-such-table', clientConfig: server.clientConfig });
    const doing = 'window 2026-11-22T00:00:00Z/2026-11-23T00:00:00Z of target acme-prod';
    const missing = 'the ledger table no-such-table: ResourceNotFoundException';
    await expect(ledger.find(windowKey())).rejects.toThrow(`read ${doing} from ${missing}`);
    await expect(ledger.save(windowRecord())).rejects.toThrow(`write ${doing} to ${missing}`);
  });
});

test('the DynamoDB ledger reads what was last written, not a copy that lags behind', async () => {
  const { ledger, requests } = await faultyLedger({ answer: '{}' });
  await ledger.find(windowKey());
  expect(requests().map((body) => JSON.parse(body))).toMatchObject([{ ConsistentRead: true }]);
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

function keyItem(key = windowKey()) {
  const { target_id, window } = rowKey(key);
  return { target_id: { S: target_id }, window: { S: window } };
}

async function faultyLedger(fault: AwsFault) {
  const { clientConfig, requests, close } = await startAwsFault(fault);
  onTestFinished(close);
  return { ledger: createDynamoDbLedger({ table: 'windows', clientConfig }), requests };
}
