import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { Temporal } from 'temporal-polyfill';
import type { Variables } from '../lib/config.ts';
import { targetNamed } from '../lib/exports/targets.ts';
import type { Clock } from '../lib/ports.ts';
import { openTelemetry, type Telemetry } from '../lib/wiring/aws.ts';

/** What a use case gets: its ports and settings, and a signal that aborts while there is still time to record what was not done. */
export type Run<Wired> = Wired & { signal: AbortSignal };

type Function<Wired, Result> = {
  /** Called at the first event, with the environment. */
  wire: (variables: Variables, given: Given) => Wired;
  run: (event: unknown, run: Run<Wired>) => Promise<Result>;
};

/** The parts of a function that need no settings. */
type Given = { clock: Clock; telemetry: Telemetry };

/** A run is aborted this long before Lambda ends it. The ledger, the logs and the metrics are written in this time. */
const RESERVE_MILLISECONDS = 20_000;

/**
 * Makes a Lambda handler of a use case: wiring at the first event (and again at the next one if it failed), one
 * correlation id a run, logs, metrics, and an end before Lambda's own. An error of the use case is thrown again, so that
 * retries, destinations and alarms see it.
 */
export function lambda<Wired, Result>({ wire, run }: Function<Wired, Result>) {
  let telemetry: Telemetry | undefined;
  let wired: Wired | undefined;
  const openedTelemetry = () => {
    telemetry ??= openTelemetry(process.env);
    return telemetry;
  };
  const wiring = () => {
    const clock = () => Temporal.Now.instant();
    wired ??= wire(process.env, { clock, telemetry: openedTelemetry() });
    return wired;
  };

  const handler = (event: unknown, context: Context): Promise<Result> => {
    const remaining = context.getRemainingTimeInMillis() - RESERVE_MILLISECONDS;
    const signal = AbortSignal.timeout(Math.max(0, Math.floor(remaining)));
    return run(event, { ...wiring(), signal });
  };

  // The early timeout of middy answers while the work continues. Our signal lets the work end by itself.
  return middy<unknown, Result>({ timeoutEarlyInMillis: 0 })
    .before(({ context }) => openedTelemetry().begin(context.awsRequestId))
    .after(({ response }) => openedTelemetry().end({ report: response }))
    .onError(({ error, event }) => {
      const thrown = error ?? new Error('The run failed without an error.');
      // A run that failed before it was wired has reported no window, and must not fail in silence.
      openedTelemetry().end({ error: thrown, ...(wired ? {} : { unstarted: targetNamed(event) }) });
    })
    .handler(handler);
}
