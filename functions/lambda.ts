import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { Temporal } from 'temporal-polyfill';
import document from '../infra/targets.yml';
import { readConfig } from '../lib/config.ts';
import type { Target } from '../lib/domain/target.ts';
import { type AwsWiring, wireAws } from '../lib/wiring/aws.ts';

/** What a use case gets of Lambda. `signal` aborts while there is still time to note what was not done. */
export type Run = AwsWiring['ports'] & { targets: readonly Target[]; signal: AbortSignal };

/** What ends the run this long before Lambda does: the ledger, the logs and the metrics are written in it. */
const RESERVE_MILLISECONDS = 20_000;

/**
 * Makes a Lambda handler of a use case: wiring at the first event, one correlation id a run, logs, metrics, and an end
 * before Lambda's own. What the use case throws is thrown on, so that retries, destinations and alarms see it.
 */
export function lambda<Result>(useCase: (event: unknown, run: Run) => Promise<Result>) {
  let wired: AwsWiring | undefined;
  const wiring = () => {
    wired ??= wireAws(readConfig(process.env), { document, clock: () => Temporal.Now.instant() });
    return wired;
  };

  const handler = (event: unknown, context: Context): Promise<Result> => {
    const { ports, targets } = wiring();
    const remaining = context.getRemainingTimeInMillis() - RESERVE_MILLISECONDS;
    return useCase(event, {
      ...ports,
      targets,
      signal: AbortSignal.timeout(Math.max(0, Math.floor(remaining))),
    });
  };

  // middy's own early time-out answers while the work goes on; ours lets the work end by itself.
  return middy<unknown, Result>({ timeoutEarlyInMillis: 0 })
    .before(({ context }) => wiring().telemetry.begin(context.awsRequestId))
    .after(({ response }) => wiring().telemetry.end({ report: response }))
    .onError(({ error }) =>
      wiring().telemetry.end({ error: error ?? new Error('The run failed without an error.') }),
    )
    .handler(handler);
}
