import { expect, it, onTestFinished, vi } from 'vitest';
import { lambda } from '../../functions/lambda.ts';

const telemetry = { begin: () => undefined, end: () => undefined, observe: () => undefined };

async function timeGiven(remaining: number): Promise<unknown> {
  const timeout = vi.spyOn(AbortSignal, 'timeout');
  onTestFinished(() => timeout.mockRestore());
  const handler = lambda({ wire: () => ({ telemetry }), run: async () => 'done' });
  const context = { awsRequestId: '1', getRemainingTimeInMillis: () => remaining };
  await Reflect.apply(handler, undefined, [{}, context]);
  return timeout.mock.calls.at(-1);
}

it('a run is given all the time that Lambda has but 20 s, in which ledger, logs and metrics are written', async () => {
  expect(await timeGiven(900_000)).toEqual([880_000]);
  expect(await timeGiven(5_000)).toEqual([0]);
});
