import { Temporal } from 'temporal-polyfill';
import { target as targetSchema } from '../../../../lib/domain/input/target.ts';
import { latestRunUntil, parseSchedule } from '../../../../lib/domain/time/schedule.ts';
import { newestDueWindow } from '../../../../lib/domain/time/windows.ts';
import { KEPT, MINUTE } from '../story/durations.ts';
import { OTHER_PROJECT, type Settings } from '../story/settings.ts';
import type { Story } from '../story/story.ts';
import { CREDENTIAL_NAME } from '../world/secrets.ts';
import type { Heard } from './observed.ts';

/** What the program leaves to Huawei's limit, for calls that take their time. */
export const MARGIN = 10 * MINUTE;

/**
 * Where coverage must begin, going by the runs that came to their end: at the earlier of `start_at` and the current window of
 * the first, as far as Huawei still had it then; a `start_at` that is earlier extends it at any time. Undefined before
 * the first run.
 */
export function promisedFrom(heard: readonly Heard[], home: Story['home']): number | undefined {
  let from: number | undefined;
  let started: number | undefined;
  for (const one of heard) {
    const begin = couldBegin(one)
      ? beginsWith(one, { isFirst: from === undefined, started, home })
      : undefined;
    started ??= startOf(one);
    if (begin === undefined) continue;
    const kept = Math.max(begin, one.began - KEPT + MARGIN);
    from = Math.min(kept, from ?? kept);
  }
  return from;
}

/** Where the newest window ends that was due at `at`. */
export function dueUntil(settings: Settings, at: number): number {
  return currentWindow(settings, at).end;
}

// A run whose ledger was out of order, that did not know the time, or whose time was over before it had looked at
// anything, may have started nothing, and has said so.
function couldBegin({ ending, events, reports, settings, step }: Heard): boolean {
  const kinds = [
    ...events.flatMap((event) => (event.type === 'window_failed' ? [event.error.kind] : [])),
    ...reports.flatMap(({ failed }) => failed.map(({ kind }) => kind)),
  ];
  const knowsTime = events.every(({ type }) => type !== 'clock_unknown');
  const isStopped =
    events.some(({ type }) => type === 'windows_deferred') &&
    events.every(({ type }) => type !== 'target_planned');
  const isRun = step.do === 'run' || step.do === 'sweep';
  const isOurs = settings.enabled && settings.project_id !== OTHER_PROJECT.id;
  return isRun && isOurs && !isStopped && ending !== 'died' && knowsTime && !kinds.includes('infrastructure');
}

// A run may begin coverage without knowing the time. Where our clock was right, the first one that knows it keeps that
// beginning, although the sweep of a schedule that was changed since stands for a firing before it.
function startOf({ events, offset }: Heard): number | undefined {
  if (Math.abs(offset) > 5 * MINUTE) return undefined;
  return events.flatMap((event) =>
    event.type === 'coverage_started' ? [event.from.epochMilliseconds] : [],
  )[0];
}

type Place = { isFirst: boolean; started: number | undefined; home: Story['home'] };

function beginsWith(heard: Heard, { isFirst, started, home }: Place): number | undefined {
  const { settings } = heard;
  const firing = firingOf(heard, home);
  if (firing === undefined) return undefined;
  const own = currentWindow(settings, firing);
  if (settings.start_at === null) return isFirst ? (started ?? own.start) : undefined;
  const startAt = Date.parse(settings.start_at);
  if (startAt >= own.end) return undefined;
  return isFirst ? Math.min(startAt, own.start) : startAt;
}

// A sweep stands for the latest firing; EventBridge says which time a run stands for, and on one machine it is the time.
function firingOf({ settings, step, at }: Heard, home: Story['home']): number | undefined {
  if (step.do === 'sweep') return latestFiring(settings, at);
  return home === 'aws' && step.do === 'run' ? step.scheduled : at;
}

/** When the schedule fired last; of a rate, nobody knows but the runs. */
export function latestFiring({ schedule }: Settings, at: number): number | undefined {
  const parsed = parseSchedule(schedule);
  if (parsed?.kind !== 'cron') return undefined;
  return latestRunUntil(parsed, 'UTC', Temporal.Instant.fromEpochMilliseconds(at))?.epochMilliseconds;
}

function currentWindow(settings: Settings, at: number): { start: number; end: number } {
  const { window } = targetSchema.parse({ id: 'any', credential: CREDENTIAL_NAME, ...settings });
  const { start, end } = newestDueWindow(window, Temporal.Instant.fromEpochMilliseconds(at));
  return { start: start.epochMilliseconds, end: end.epochMilliseconds };
}
