import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { Temporal } from 'temporal-polyfill';
import type { Variables } from '../lib/config.ts';
import { targetNamed } from '../lib/exports/targets.ts';
import type { Clock } from '../lib/ports.ts';
import { openTelemetry, type Telemetry } from '../lib/wiring/aws.ts';

/** What a use case gets of Lambda: what it is wired with, and a signal while there is still time to note what was not done. */
export type Run<Wired> = Wired & { signal: AbortSignal };

type Function<Wired, Result> = {
  /** Is called at the first event, with the environment. */
  wire: (variables: Variables, given: Surroundings) => Wired;
  run: (event: unknown, run: Run<Wired>) => Promise<Result>;
};

/** What a function is wired with that does not come from its settings. */
type Surroundings = { clock: Clock; telemetry: Telemetry };

/** What ends the run this long before Lambda does: the ledger, the logs and the metrics are written in it. */
const RESERVE_MILLISECONDS = 20_000;

/**
 * Makes a Lambda handler of a use case: wiring at the first event (again at the next one if it failed), one correlation
 * id a run, logs, metrics, and an end before Lambda's own. What the use case throws is thrown on, so that retries, destinations and alarms see it.
 */
export function lambda<Wired, Result>({ wire, run }: Function<Wired, Result>) {
  let telemetry: Telemetry | undefined;
  let wired: Wired | undefined;
  const telling = () => {
    telemetry ??= openTelemetry(process.env);
    return telemetry;
  };
  const wiring = () => {
    const clock = () => Temporal.Now.instant();
    wired ??= wire(process.env, { clock, telemetry: telling() });
    return wired;
  };

  const handler = (event: unknown, context: Context): Promise<Result> => {
    const remaining = context.getRemainingTimeInMillis() - RESERVE_MILLISECONDS;
    const signal = AbortSignal.timeout(Math.max(0, Math.floor(remaining)));
    return run(event, { ...wiring(), signal });
  };

  // middy's own early time-out answers while the work goes on; ours lets the work end by itself.
  return middy<unknown, Result>({ timeoutEarlyInMillis: 0 })
    .before(({ context }) => telling().begin(context.awsRequestId))
    .after(({ response }) => telling().end({ report: response }))
    .onError(({ error, event }) => {
      const thrown = error ?? new Error('The run failed without an error.');
      // What could not even be wired has told nothing of a window, and must not fail in silence.
      telling().end({ error: thrown, ...(wired ? {} : { unstarted: targetNamed(event) }) });
    })
    .handler(handler);
}
