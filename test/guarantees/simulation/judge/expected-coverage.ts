import { Temporal } from 'temporal-polyfill';
import { target as targetSchema } from '../../../../lib/domain/input/target.ts';
import { latestRunUntil, parseSchedule } from '../../../../lib/domain/time/schedule.ts';
import { newestDueWindow } from '../../../../lib/domain/time/windows.ts';
import { KEPT, MINUTE } from '../story/durations.ts';
import { OTHER_PROJECT, type Settings } from '../story/settings.ts';
import type { Story } from '../story/story.ts';
import { CREDENTIAL_NAME } from '../world/secrets.ts';
import type { Observed } from './observed.ts';

/** How long before the cutoff the program stops to export a window, because calls take time. */
export const MARGIN = 10 * MINUTE;

/**
 * Where coverage must start, by the runs that ended: at the earlier of `start_at` and the current window of the first run,
 * but not before the cutoff of that time. A later run with an earlier `start_at` extends the coverage. Undefined before the
 * first run.
 */
export function expectedFrom(
  observed: readonly Observed[],
  deployment: Story['deployment'],
): number | undefined {
  let from: number | undefined;
  let started: number | undefined;
  for (const one of observed) {
    const begin = couldStart(one)
      ? beginsWith(one, { isFirst: from === undefined, started, deployment })
      : undefined;
    started ??= startOf(one);
    if (begin === undefined) continue;
    const kept = Math.max(begin, one.began - KEPT + MARGIN);
    from = Math.min(kept, from ?? kept);
  }
  return from;
}

/** The end of the newest window that was due at `at`. */
export function dueUntil(settings: Settings, at: number): number {
  return currentWindow(settings, at).end;
}

// A run may start no coverage when its ledger failed, when it did not know the time, or when its time was over before its
// first look. It has reported that.
function couldStart({ ending, events, reports, settings, step }: Observed): boolean {
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

// A run may start coverage without knowing the time. Where our clock was right, the first run that knows the time keeps
// that start, also when the schedule has changed since and a sweep stands for an earlier firing.
function startOf({ events, offset }: Observed): number | undefined {
  if (Math.abs(offset) > 5 * MINUTE) return undefined;
  return events.flatMap((event) =>
    event.type === 'coverage_started' ? [event.from.epochMilliseconds] : [],
  )[0];
}

type Place = { isFirst: boolean; started: number | undefined; deployment: Story['deployment'] };

function beginsWith(observed: Observed, { isFirst, started, deployment }: Place): number | undefined {
  const { settings } = observed;
  const firing = firingOf(observed, deployment);
  if (firing === undefined) return undefined;
  const own = currentWindow(settings, firing);
  if (settings.start_at === null) return isFirst ? (started ?? own.start) : undefined;
  const startAt = Date.parse(settings.start_at);
  if (startAt >= own.end) return undefined;
  return isFirst ? Math.min(startAt, own.start) : startAt;
}

// A sweep stands for the latest firing. EventBridge gives the scheduled time of a run; on one machine it is the present.
function firingOf({ settings, step, at }: Observed, deployment: Story['deployment']): number | undefined {
  if (step.do === 'sweep') return latestFiring(settings, at);
  return deployment === 'aws' && step.do === 'run' ? step.scheduled : at;
}

/** The latest firing of the schedule. Undefined for a rate: only the runs know its firings. */
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
