import { Temporal } from 'temporal-polyfill';
import { nextRunAfter, parseSchedule } from '../../../../lib/domain/time/schedule.ts';
import type { Chance } from './chance.ts';
import { DAY, HOUR, MINUTE, SECOND } from './durations.ts';
import { failuresOf, NO_FAILURES } from './failures.ts';
import type { Settings } from './settings.ts';
import type { Frame, Incident, Invocation } from './story.ts';

const MOST_INVOCATIONS = 150;
const QUIET_FIRINGS = 4;
/** Longer than any task takes until it ends. */
const QUIET_DAYS = 4;

/** The times at which the schedule fires until `end`, by the settings of each moment. */
export function firingsOf({
  settings,
  incidents,
  start,
}: {
  settings: Settings;
  incidents: Incident[];
  start: number;
}) {
  const changes = incidents
    .flatMap((one) => (one.do === 'settings' ? [one] : []))
    .sort((a, b) => a.at - b.at);
  const scheduleAt = (at: number) =>
    changes.filter((one) => one.at <= at).reduce((now, { change }) => change.to(now), settings).schedule;
  return (end: number): number[] => {
    const times: number[] = [];
    for (let at = start; at < end; ) {
      const schedule = parseSchedule(scheduleAt(at));
      const next = schedule && nextRunAfter(schedule, 'UTC', Temporal.Instant.fromEpochMilliseconds(at));
      at = next?.epochMilliseconds ?? end;
      times.push(at);
    }
    return times;
  };
}

/** Runs: in time, late, twice or missing; and sweeps, backfills and alerts between them. */
export function invocationsOf(
  chance: Chance,
  firings: readonly number[],
  { start, quietFrom }: Frame,
): Invocation[] {
  const outage = start + chance.below(quietFrom - start);
  const outageEnd = chance.oneIn(4) ? outage + chance.pick([3, 12, 31, 38]) * DAY : outage;
  const made: Invocation[] = [];
  for (const scheduled of firings) {
    if ((scheduled >= outage && scheduled < outageEnd) || chance.oneIn(9)) continue;
    made.push(...night(chance, scheduled));
  }
  const most = MOST_INVOCATIONS - 10 * QUIET_FIRINGS;
  return made.filter(({ at }) => at < quietFrom).slice(0, most);
}

function night(chance: Chance, scheduled: number): Invocation[] {
  const late = chance.oneIn(8) ? chance.between(1, 50) * HOUR : chance.between(1, 200) * SECOND;
  const failures = () => failuresOf(chance);
  const run: Invocation = {
    at: scheduled + late,
    ...{ do: 'run', scheduled, failures: failures() },
    times: chance.oneIn(8) ? chance.pick([2, 3]) : 1,
  };
  const again: Invocation[] = chance.oneIn(6)
    ? [{ ...run, at: run.at + chance.between(1, 600) * MINUTE, times: 1, failures: failures() }]
    : [];
  const sweeps = Array.from({ length: chance.pick([0, 0, 1, 2]) }, (): Invocation => {
    const at = scheduled + chance.between(10, 20 * 60) * MINUTE;
    return { at, do: 'sweep', scheduled: at, times: 1, failures: failures() };
  });
  return [run, ...again, ...sweeps, ...(chance.oneIn(14) ? [byHand(chance, scheduled)] : [])];
}

function byHand(chance: Chance, scheduled: number): Invocation {
  const at = scheduled + chance.between(1, 20) * HOUR;
  const failures = failuresOf(chance);
  if (chance.oneIn(2)) return { at, do: 'alert', alerts: chance.pick([1, 3, 30]), failures };
  const from = at - chance.between(1, 36) * DAY;
  return { at, do: 'backfill', from, to: from + chance.between(1, 12) * DAY, failures };
}

/** The last firings, each with two sweeps, or the sweeps alone. They must recover every gap. */
export function quietEnd(
  firings: (end: number) => number[],
  { quietFrom, bySweeps }: { quietFrom: number; bySweeps: boolean },
): Invocation[] {
  const all = firings(quietFrom + 5 * 7 * DAY).filter((at) => at > quietFrom);
  const times = all.filter((at, index) => index < QUIET_FIRINGS || at < quietFrom + QUIET_DAYS * DAY);
  return times.flatMap((scheduled) => {
    const common = { scheduled, times: 1, failures: NO_FAILURES };
    const run: Invocation = { ...common, at: scheduled + 30 * SECOND, do: 'run' };
    const sweeps = [20 * MINUTE, 7 * HOUR].map(
      (later): Invocation => ({
        ...common,
        at: scheduled + later,
        scheduled: scheduled + later,
        do: 'sweep',
      }),
    );
    return bySweeps ? sweeps : [run, ...sweeps];
  });
}
