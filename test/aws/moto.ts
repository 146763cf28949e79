import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** An AWS of one's own: where it is, and the environment of whoever uses it. */
export type Moto = { origin: string; environment: Record<string, string>; stop(): Promise<void> };

export const REGION = 'eu-central-1';

/** What the tests use of the Python environment that prepare.ts makes. */
export const PYTHON_TOOLS = join(import.meta.dirname, '..', '..', '.venv', 'bin');

/** Starts moto as a server of its own on a free port of the loopback, with nothing in it. */
export async function startMoto(): Promise<Moto> {
  const port = await freePort();
  const server = spawn(join(PYTHON_TOOLS, 'moto_server'), ['-H', '127.0.0.1', '-p', String(port)], {
    stdio: 'ignore',
  });
  const origin = `http://127.0.0.1:${port}`;
  await untilItAnswers(origin);
  // It would start functions in Docker; `aws lambda invoke` need not, and load() of deployed-service.ts does it better.
  const simple = JSON.stringify({ lambda: { use_docker: false } });
  await fetch(`${origin}/moto-api/config`, { method: 'POST', body: simple });
  return {
    origin,
    environment: {
      AWS_ENDPOINT_URL: origin,
      AWS_REGION: REGION,
      AWS_DEFAULT_REGION: REGION,
      AWS_ACCESS_KEY_ID: 'fake-access-key-id',
      AWS_SECRET_ACCESS_KEY: 'fake-secret-access-key',
    },
    stop: async () => {
      const gone = once(server, 'exit');
      server.kill();
      await gone;
    },
  };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = Object(probe.address());
  probe.close();
  await once(probe, 'close');
  return port;
}

async function untilItAnswers(origin: string): Promise<void> {
  for (let attempt = 0; attempt < 150; attempt += 1) {
    if (
      await fetch(`${origin}/moto-api/`).then(
        () => true,
        () => false,
      )
    )
      return;
    await wait(200);
  }
  throw new Error('moto did not answer within 30 seconds.');
}
