import { pathToFileURL } from 'node:url';

/** A message of the parent: an event, and the remaining time of the function. */
type Invocation = { event: unknown; remainingMilliseconds: number };

/** A message to the parent: the result for Lambda. `type` is the type of the error in Lambda's JSON log, the name of its class. */
export type Answer = { result: unknown } | { error: { name: string; type: string; message: string } };

// This file is a process of its own, started with the module to load: like Lambda's runtime, it imports `handler`
// once and calls it event by event.
const [, , modulePath] = process.argv;
const { handler } = await import(pathToFileURL(modulePath ?? '').href);

process.on('message', async ({ event, remainingMilliseconds }: Invocation) => {
  const end = performance.now() + remainingMilliseconds;
  const context = {
    awsRequestId: '8f5cbb11-2f7b-4d5e-9d0c-000000000001',
    functionName: 'scheduled-export',
    getRemainingTimeInMillis: () => end - performance.now(),
  };
  process.send?.(await call(event, context));
});

process.send?.('ready');

async function call(event: unknown, context: object): Promise<Answer> {
  try {
    return { result: await handler(event, context) };
  } catch (error) {
    const thrown = error instanceof Error ? error : new Error(String(error));
    return { error: { name: thrown.name, type: thrown.constructor.name, message: thrown.message } };
  }
}
