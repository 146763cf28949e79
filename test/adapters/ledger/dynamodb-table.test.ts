import { BatchWriteItemCommand, DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { Temporal } from 'temporal-polyfill';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDynamoDbLedger } from '../../../lib/adapters/ledger/aws-dynamodb.ts';
import { rowKey, windowColumns } from '../../../lib/adapters/ledger/columns.ts';
import { itemOf } from '../../../lib/adapters/ledger/dynamodb-table.ts';
import type { RowKey } from '../../../lib/adapters/ledger/rows.ts';
import { type AlertRequest, requestId } from '../../../lib/domain/ledger/request-row.ts';
import { requestCodec } from '../../../lib/domain/ledger/stored-rows.ts';
import type { WindowRow } from '../../../lib/domain/ledger/window-row.ts';
import { type DynaliteServer, startDynalite } from '../../support/aws/dynalite-server.ts';
import { alertRequest } from '../../support/ledger/request-rows.ts';
import { targetRow } from '../../support/ledger/target-rows.ts';
import { FULL_FAILURE, taskMessage, windowKey, windowRow } from '../../support/ledger/window-rows.ts';

const LONG_AGO = Temporal.Instant.from('1970-01-01T00:00:00Z');

let server: DynaliteServer;
let tables = 0;

beforeAll(async () => {
  server = await startDynalite();
});
afterAll(() => server.close());

test('keeps the row that operators find by state, and what a listing shows, beside the whole document', async () => {
  const table = await newTable();
  const ledger = createDynamoDbLedger({ table, clientConfig: server.clientConfig });
  await ledger.save(windowRow({ filters: { vm_ip: '10.0.0.1' } }));
  const key = rowKey(windowKey({ filters: { vm_ip: '10.0.0.1' } }));
  expect(key.window).toMatch(/^2026-11-22T00:00:00\.0{9}Z\/2026-11-23T00:00:00\.0{9}Z\/[0-9a-f]{16}$/);
  expect(await itemAt(table, key)).toEqual({
    target_id: { S: 'acme-prod' },
    window: { S: key.window },
    window_start: { S: '2026-11-22T00:00:00.000000000Z' },
    window_end: { S: '2026-11-23T00:00:00.000000000Z' },
    filters_digest: { S: key.window.slice(-16) },
    state: { S: 'claimed' },
    reason: { S: 'routine' },
    attempt: { N: '1' },
    orphans: { N: '0' },
    lease_until: { S: '2026-11-23T00:40:00.123456789Z' },
    open: { S: 'window/2026-11-23T00:00:00.000000000Z' },
    version: { N: '1' },
    write_id: { S: 'write-1' },
    updated_at: { S: '2026-11-23T00:35:01.5Z' },
    document: { S: expect.stringContaining('"lease_until":"2026-11-23T00:40:00.123456789Z"') },
  });
});

test('keeps the name of the task and the kind of the failure beside the document, where there are such', async () => {
  const table = await newTable();
  const ledger = createDynamoDbLedger({ table, clientConfig: server.clientConfig });
  const leaseUntil = Temporal.Instant.from('2026-11-23T00:40:00Z');
  const state = { state: 'submitted', leaseUntil, message: taskMessage(), failure: FULL_FAILURE } as const;
  await ledger.save(windowRow({}, state));
  const shown = { task_id: { S: 'task-1' }, failure_kind: { S: 'unavailable' } };
  expect(await itemAt(table, rowKey(windowKey()))).toMatchObject(shown);
});

test('keeps a target in a row that no window can have', async () => {
  const table = await newTable();
  const ledger = createDynamoDbLedger({ table, clientConfig: server.clientConfig });
  await ledger.saveTarget(targetRow());
  expect(await itemAt(table, { target_id: 'acme-prod', window: 'target' })).toEqual({
    target_id: { S: 'acme-prod' },
    window: { S: 'target' },
    open: { S: 'target' },
    version: { N: '1' },
    write_id: { S: 'write-1' },
    updated_at: { S: '2026-11-23T00:35:01.5Z' },
    document: { S: expect.stringContaining('"covered_until":"2026-11-23T00:00:00.123456789Z"') },
  });
});

test('keeps an open request in a row of its own, without a time to live', async () => {
  const table = await newTable();
  const ledger = createDynamoDbLedger({ table, clientConfig: server.clientConfig });
  const request = alertRequest();
  await ledger.putRequest(request);
  expect(await itemAt(table, requestKey(request))).toEqual({
    target_id: { S: 'acme-prod' },
    window: { S: `request/${requestId(request)}` },
    open: { S: 'request/2026-11-22T11:00:00.000000001Z' },
    state: { S: 'open' },
    version: { N: '1' },
    write_id: { S: 'write-1' },
    updated_at: { S: '2026-11-22T10:05:00.5Z' },
    document: { S: requestCodec.toJson(request) },
  });
});

test('lets DynamoDB take a closed request away 400 days later, in whole seconds since 1970', async () => {
  const table = await newTable();
  const ledger = createDynamoDbLedger({ table, clientConfig: server.clientConfig });
  await ledger.putRequest(alertRequest());
  const closed = alertRequest({ state: 'served', version: 2, writeId: 'write-2' });
  await ledger.saveRequest(closed);
  const item = await itemAt(table, requestKey(closed));
  expect(item).toMatchObject({ state: { S: 'served' }, expires_at: { N: '1829901901' } });
  expect(item).not.toHaveProperty('open');
});

test('lists a month of quarters of an hour in at most two calls', async () => {
  const table = await newTable();
  const client = new DynamoDBClient(server.clientConfig);
  const records = Array.from({ length: 2_880 }, (_, index) => quarterOfAnHour(index));
  await Promise.all(batches(records, 25).map((some) => client.send(puts(table, some))));
  const ledger = createDynamoDbLedger({ table, clientConfig: server.clientConfig });
  const before = server.operations().length;
  expect(await ledger.list('acme-prod', LONG_AGO)).toHaveLength(2_880);
  const operations = server.operations().slice(before);
  expect(new Set(operations)).toEqual(new Set(['Query']));
  expect(operations.length).toBeLessThanOrEqual(2);
});

async function newTable(): Promise<string> {
  tables += 1;
  const table = `windows-${tables}`;
  await server.createLedgerTable(table);
  return table;
}

async function itemAt(TableName: string, key: RowKey) {
  const client = new DynamoDBClient(server.clientConfig);
  const { Item } = await client.send(new GetItemCommand({ TableName, Key: itemOf(key) }));
  return Item;
}

function requestKey(request: AlertRequest): RowKey {
  return { target_id: request.targetId, window: `request/${requestId(request)}` };
}

function quarterOfAnHour(index: number): WindowRow {
  const start = Temporal.Instant.from('2026-10-24T00:00:00Z').add({ minutes: index * 15 });
  const window = { start, end: start.add({ minutes: 15 }) };
  const message = taskMessage('2b31ed520000000ebedb6e5700000000');
  return windowRow({ window }, { state: 'published', message, publishedAt: window.end });
}

function batches<Value>(values: Value[], size: number): Value[][] {
  return Array.from({ length: Math.ceil(values.length / size) }, (_, index) =>
    values.slice(index * size, (index + 1) * size),
  );
}

function puts(table: string, records: WindowRow[]): BatchWriteItemCommand {
  const requests = records.map((row) => ({ PutRequest: { Item: itemOf(windowColumns(row)) } }));
  return new BatchWriteItemCommand({ RequestItems: { [table]: requests } });
}
