import { Temporal } from 'temporal-polyfill';
import type { CoverageEvent, RunEvent } from '../../lib/domain/exports/run-events.ts';
import type { Target } from '../../lib/domain/input/target.ts';
import type { WindowRow } from '../../lib/domain/ledger/window-row.ts';
import type { Instant } from '../../lib/domain/time/instant.ts';
import type { Span } from '../../lib/domain/time/spans.ts';
import type { EmulatorOptions } from '../../lib/emulator/options.ts';
import { processTarget } from '../../lib/exports/scheduled-run.ts';
import { createHostHealth } from '../../lib/exports/vendor/host-health.ts';
import type { TargetReport } from '../../lib/exports/window/run-report.ts';
import { LEASE } from '../../lib/exports/window/transitions.ts';
import { targetAt } from '../support/huawei/start-huawei.ts';
import { type LocalPorts, localPorts } from '../support/runs/local-ports.ts';

export const never = new AbortController().signal;
export const at = Temporal.Instant.from;

const FIRST_OF_ALL = Temporal.Instant.fromEpochMilliseconds(0);

// Nobody downloads anything here, and tasks that expire of themselves would be ordered again.
const PATIENT = { taskExpirySeconds: 400 * 24 * 3600 };

type RunOptions = { at?: Instant | string; signal?: AbortSignal; ports?: LocalPorts } & Record<
  string,
  unknown
>;

/**
 * One target with everything real but the clock, which begins at 00:35 of 2026-11-23: the emulator, and SQLite files
 * that each run opens again. Nightly windows of UTC, unless `settings` (as in the targets file) say otherwise.
 */
export async function runningTarget(settings: Record<string, unknown> = {}, options: EmulatorOptions = {}) {
  const local = await localPorts({ ...PATIENT, ...options });
  const { emulator, clock, origin, events, time, ports } = local;
  const reader = ports();
  const targetWith = (more: Record<string, unknown> = {}): Target =>
    targetAt(origin, { ...settings, ...more });

  const runOf =
    (sweep: boolean) =>
    ({ at: when = clock(), signal = never, ports: given = ports(), ...more }: RunOptions = {}) => {
      const scheduledTime = Temporal.Instant.from(when);
      const share = {
        target: targetWith(more),
        scheduledTime,
        trigger: { kind: 'schedule' },
        sweep,
      } as const;
      const context = { clocks: given.openClocks(), health: createHostHealth() };
      events.length = 0;
      return processTarget(given, share, context, signal);
    };

  const pass = (duration: Temporal.DurationLike | string) => {
    time.now = time.now.add(duration);
  };

  return {
    ...local,
    targetWith,
    /** A run of the target's own schedule, now unless given otherwise; more settings may be given for this run alone. */
    calendar: runOf(false),
    sweep: runOf(true),
    pass,
    passLease: () => pass({ seconds: LEASE.seconds + 1 }),
    /** Every window in the ledger, in the order of their ends, as `<span> <state>`. */
    rows: async () =>
      (await reader.ledger.list('acme', FIRST_OF_ALL)).map(
        ({ window, state }) => `${short(window)} ${state}`,
      ),
    entries: () => reader.ledger.list('acme', FIRST_OF_ALL),
    readRow: (window: Span, filtersDigest: string) =>
      reader.ledger.find({ targetId: 'acme', window, filtersDigest, series: 'calendar' }),
    save: (row: WindowRow) => reader.ledger.save(row),
    stored: () => reader.ledger.findTarget('acme'),
    /** Of all messages so far: their windows, in the order of sending. */
    published: async () =>
      (await reader.queue.waiting()).map(({ message: { data } }) =>
        short({ start: at(data.window.start), end: at(data.window.end) }),
      ),
    messages: async () => (await reader.queue.waiting()).map(({ message }) => message),
    /** Of the last run. */
    reported: <Type extends RunEvent['type']>(type: Type) =>
      events.filter((event): event is Extract<RunEvent, { type: Type }> => event.type === type),
    coverage: (): CoverageEvent | undefined =>
      events.filter((event): event is CoverageEvent => event.type === 'target_assessed').at(-1),
    exportCalls: () => emulator.requests().filter(({ kind }) => kind === 'export').length,
    listCalls: () => emulator.requests().filter(({ kind }) => kind === 'tasks'),
  };
}

/** A span in a few letters: `11-22/11-23`, `11-22T06:00/11-22T12:00`. */
export function short({ start, end }: Span): string {
  return `${moment(start)}/${moment(end)}`;
}

/** An instant in a few letters: `11-22`, `11-22T06:00`. */
export function moment(instant: Instant): string {
  const text = instant.toString().slice(5);
  return text.replace(/(:00)?Z$/, '').replace('T00:00', '');
}

/** The days from `first` to `last`, both included, as `short` has them; from December on into the next year. */
export function days(first: string, last: string): string[] {
  const end = Temporal.PlainDate.from(`${last < first ? 2027 : 2026}-${last}`);
  const found: string[] = [];
  const text = (date: Temporal.PlainDate) => date.toString().slice(5);
  let day = Temporal.PlainDate.from(`2026-${first}`);
  for (; Temporal.PlainDate.compare(day, end) <= 0; day = day.add({ days: 1 }))
    found.push(`${text(day)}/${text(day.add({ days: 1 }))}`);
  return found;
}

/** The counts of a report without its lists. */
export function counts({ planned, published, already_covered, deferred, confirmed }: TargetReport) {
  return { planned, published, already_covered, deferred, confirmed };
}
