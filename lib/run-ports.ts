import type { ClockError, UnavailableError } from './domain/errors.ts';
import type { Target } from './domain/input/target.ts';
import type { Instant } from './domain/time/instant.ts';
import type { Clock, ExportApi, Ledger, Observe, TaskQueue } from './ports.ts';

/** What the work on one target is done with. `clock` is the vendor's time, as the run learnt it from the target's host. */
export type RunPorts = {
  api: ExportApi;
  ledger: Ledger;
  queue: TaskQueue;
  clock: Clock;
  observe: Observe;
};

/** What time it is at a target's export host, as far as a run could learn it. */
export type TargetClock =
  /** The vendor's time as it goes on. `aheadSeconds`: how far our own clock is ahead of it; negative when behind. */
  | { state: 'known'; clock: Clock; aheadSeconds: number }
  /** The host works and does not say what time it is. */
  | { state: 'unknown'; error: ClockError }
  /** It says a time that our clock and a second host deny. */
  | { state: 'disputed'; error: ClockError }
  /** It does not answer at all. */
  | { state: 'down'; error: UnavailableError };

/** The clocks of one run. Each host is asked once; targets of one host share its answer. */
export type Clocks = (target: Target, signal: AbortSignal) => Promise<TargetClock>;

/** What a run starts with: whose time it is, it has yet to learn. */
export type ServicePorts = Omit<RunPorts, 'clock'> & {
  /** This machine's time, for what no host is asked for. */
  ownClock: Clock;
  /** Is called once a run. */
  openClocks(): Clocks;
  /** Lets some time pass, less when the signal aborts. Must not throw. */
  wait(milliseconds: number, signal: AbortSignal): Promise<void>;
  /** Where a run may wait for windows that another run holds: on one machine. Absent: they are left to that run. */
  waitForOthers?: WaitForOthers;
};

/** Windows in the hands of other runs, and when the first of them is free at the latest; both times are Huawei's. */
export type Leased = { windows: number; now: Instant; until: Instant };

/** Lets some time pass, until `until` at the most, or until the signal aborts. Must not throw. */
export type WaitForOthers = (leased: Leased, signal: AbortSignal) => Promise<void>;
