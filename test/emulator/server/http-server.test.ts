import http from 'node:http';
import net from 'node:net';
import { expect, test } from 'vitest';
import { EXPORT_PATH, json, NOON, runEmulator, TASKS_PATH } from '../running-emulator.ts';

const MEGABYTE = 1024 * 1024;

const slowExport = (milliseconds: number) =>
  ({ on: 'export', effect: { type: 'slow', milliseconds } }) as const;

test('every answer has the date of the emulator and an id of its own', async () => {
  const { call } = await runEmulator();
  const replies = [await call('/'), await call('/')];
  expect(replies.map(({ headers }) => headers.get('date'))).toEqual(
    Array(2).fill(new Date(NOON).toUTCString()),
  );
  const ids = replies.map(({ headers }) => headers.get('x-request-id'));
  expect(ids[0]).toMatch(/^[0-9a-f]{32}$/);
  expect(ids[0]).not.toBe(ids[1]);
});

test('a body of 12 MB is read, a larger one is rejected', async () => {
  const { mint, submit } = await runEmulator();
  const token = await mint();
  const padded = (length: number) => `${' '.repeat(length - 2)}{}`;
  expect((await submit(padded(12 * MEGABYTE), token)).status).toBe(200);
  const reply = await submit(padded(12 * MEGABYTE + 1), token);
  expect(reply.status).toBe(413);
  expect(await reply.json()).toMatchObject({ error_code: 'APIGW.0201' });
});

test('the connection of a client that never stops sending is closed', async () => {
  const { call, emulator } = await runEmulator();
  await expect(call(EXPORT_PATH, json(' '.repeat(50 * MEGABYTE)))).rejects.toThrow('fetch failed');
  expect(emulator.requests()).toEqual([]);
});

test('a target above 32 KB is too long', async () => {
  const { call } = await runEmulator();
  expect((await call(`${TASKS_PATH}?file_name=${'x'.repeat(33_000)}`)).status).toBe(414);
});

test('headers of 100 KB are read, above 128 KB they are rejected with 494', async () => {
  const { emulator, port } = await runEmulator();
  const head = (size: number) =>
    `GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\nx-large: ${'y'.repeat(size)}\r\n\r\n`;
  expect(await rawCall(port, head(100_000))).toMatch(/^HTTP\/1.1 404 /);
  expect(await rawCall(port, head(140_000))).toMatch(/^HTTP\/1.1 494 [\s\S]*"error_code":"APIGW.0201"/);
  expect(emulator.requests().map(({ status }) => status)).toEqual([404, 494]);
});

test.each([
  ['no HTTP at all', '\u0016\u0003\u0001\u0002\u0000\u0001'],
  ['a broken request line', 'EXPORT\r\n\r\n'],
  ['two lengths', 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n'],
  ['a target that is no URL', 'GET http://[ HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n'],
  ['an asterisk', 'OPTIONS * HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n'],
  ['a path with two slashes', 'GET //// HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n'],
  [
    'a path with a broken percent sign',
    'GET /v2/%E0%A4%A/export-tasks HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n',
  ],
  ['a tunnel', 'CONNECT x:1 HTTP/1.1\r\nhost: x\r\n\r\n'],
])('%s does not bring it down', async (_, bytes) => {
  const { mint, port } = await runEmulator();
  expect(await rawCall(port, bytes)).toMatch(/^(HTTP\/1\.1 4\d\d |$)/);
  expect(await mint()).toMatch(/^MII/);
});

test('a caller who hangs up in the middle of a body does no harm', async () => {
  const { emulator, mint, port } = await runEmulator();
  const socket = net.connect(port, '127.0.0.1');
  socket.write(`POST ${EXPORT_PATH} HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nabc`, () =>
    socket.destroy(),
  );
  expect(await mint()).toMatch(/^MII/);
  expect(emulator.requests()).toHaveLength(1);
});

test('close ends every connection: kept alive, in the middle of a body, or before its answer', async () => {
  const { call, emulator, mint, submit, port } = await runEmulator({
    scenario: { steps: [slowExport(60_000)] },
  });
  const token = await mint();
  const agent = new http.Agent({ keepAlive: true });
  await new Promise((resolve) =>
    http.get({ port, agent }, (response) => response.resume().on('end', resolve)),
  );
  // The end of the connection may reach this socket as a reset.
  const half = net.connect(port, '127.0.0.1').on('error', () => undefined);
  half.write(`POST ${EXPORT_PATH} HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nabc`);
  const pending = expect(submit({}, token)).rejects.toThrow('fetch failed');
  await expect.poll(() => emulator.tasks()).toHaveLength(1);
  await emulator.close();
  await pending;
  await expect.poll(() => emulator.requests().at(-1)).toMatchObject({ kind: 'export', status: 'cut' });
  await emulator.close();
  await expect(call('/')).rejects.toThrow('fetch failed');
  agent.destroy();
});

test('it can be started again on the port it had, and remembers', async () => {
  const { emulator, mint, submit, origin } = await runEmulator({ scenario: { steps: [slowExport(20)] } });
  const token = await mint();
  await emulator.close();
  expect((await emulator.listen()).origin).toBe(origin);
  expect((await submit({}, token)).status).toBe(200);
});

test('a port that is taken is an error that says so', async () => {
  const { port } = await runEmulator();
  await expect(runEmulator({ port })).rejects.toThrow('EADDRINUSE');
});

/** Sends bytes, and resolves to everything that comes back until the connection ends. */
function rawCall(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = net.connect(port, '127.0.0.1', () => {
      socket.write(`${bytes}\r\n\r\n`);
    });
    socket.on('data', (data) => {
      text += data;
    });
    socket.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EPIPE' || error.code === 'ECONNRESET' ? resolve(text) : reject(error),
    );
    socket.on('close', () => resolve(text));
  });
}
