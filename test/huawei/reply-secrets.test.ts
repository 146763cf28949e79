import { createServer } from 'node:net';
import { inspect } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { createHttp } from '../../lib/huawei/http/http.ts';

it('a reply that is not HTTP leaves none of its text on the error, because a token may stand in it', async () => {
  const garbled = 'HTTP/1.1 201 Created\r\nno colon\r\nX-Subject-Token: fake-token-7f3a\r\n\r\n';
  const server = createServer((socket) =>
    socket.on('error', () => undefined).once('data', () => socket.end(garbled)),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const request = { method: 'GET' as const, url: new URL(`http://127.0.0.1:${port}/`), headers: {} };
  const error = await createHttp()(request, new AbortController().signal).catch((thrown: unknown) => thrown);
  expect(inspect(error, { depth: 9 })).toContain('UnavailableError');
  expect(inspect(error, { depth: 9 })).not.toContain('fake-token-7f3a');
});
