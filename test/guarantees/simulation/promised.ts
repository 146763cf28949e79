import { Temporal } from 'temporal-polyfill';
import { target as targetSchema } from '../../../lib/domain/target.ts';
import { newestDueWindow } from '../../../lib/domain/windows.ts';
import type { Heard } from './heard.ts';
import { CREDENTIAL_NAME } from './secrets.ts';
import type { Settings } from './settings.ts';

/**
 * Where coverage must begin, going by the runs that came to their end: at `start_at`, or with the own window of the first;
 * a `start_at` that is earlier extends it at any time. Undefined before the first run.
 */
export function promisedFrom(heard: readonly Heard[]): number | undefined {
  let from: number | undefined;
  for (const one of heard) {
    const begin = couldBegin(one) ? beginsWith(one, from === undefined) : undefined;
    from = begin === undefined ? from : Math.min(begin, from ?? begin);
  }
  return from;
}

/** Where the newest window ends that was due at `at`. */
export function dueUntil(settings: Settings, at: number): number {
  return ownWindow(settings, at).end;
}

// A ledger that was out of order may know nothing of a run, which has said so.
function couldBegin({ ending, events, reports }: Heard): boolean {
  const kinds = [
    ...events.flatMap((event) => (event.type === 'window_failed' ? [event.error.kind] : [])),
    ...reports.flatMap(({ failed }) => failed.map(({ kind }) => kind)),
  ];
  return ending !== 'died' && !kinds.includes('infrastructure');
}

function beginsWith({ settings, scheduled }: Heard, isFirst: boolean): number | undefined {
  if (scheduled === undefined || !settings.enabled) return undefined;
  const own = ownWindow(settings, scheduled);
  if (settings.start_at === null) return isFirst ? own.start : undefined;
  const startAt = Date.parse(settings.start_at);
  return startAt < own.end ? startAt : undefined;
}

function ownWindow(settings: Settings, at: number): { start: number; end: number } {
  const { window } = targetSchema.parse({ id: 'any', credential: CREDENTIAL_NAME, ...settings });
  const { start, end } = newestDueWindow(window, Temporal.Instant.fromEpochMilliseconds(at));
  return { start: start.epochMilliseconds, end: end.epochMilliseconds };
}
