import type { ClockError, UnavailableError } from './domain/errors.ts';
import type { Target } from './domain/input/target.ts';
import type { Instant } from './domain/time/instant.ts';
import type { Clock, ExportApi, Ledger, Observe, TaskQueue } from './ports.ts';

/** The ports for the work on one target. `clock` is the vendor's time, as the run learnt it from the target's host. */
export type RunPorts = {
  api: ExportApi;
  ledger: Ledger;
  queue: TaskQueue;
  clock: Clock;
  observe: Observe;
};

/** The time at a target's export host, as far as a run could learn it. */
export type TargetClock =
  /** `clock` is the vendor's time. `aheadSeconds`: how far our own clock is ahead of it; negative when behind. */
  | { state: 'known'; clock: Clock; aheadSeconds: number }
  /** The host answers without a usable time. */
  | { state: 'unknown'; error: ClockError }
  /** The host has a time that neither our clock nor a second host confirms. */
  | { state: 'disputed'; error: ClockError }
  /** The host does not answer. */
  | { state: 'down'; error: UnavailableError };

/** The clocks of one run. Each host is asked once; targets with the same host share its answer. */
export type Clocks = (target: Target, signal: AbortSignal) => Promise<TargetClock>;

/** The ports that a run starts with, before it has learnt the vendor's time. */
export type ServicePorts = Omit<RunPorts, 'clock'> & {
  /** This machine's time. */
  ownClock: Clock;
  /** Called once for each run. */
  openClocks(): Clocks;
  /** Waits, and ends early when the signal aborts. Must not throw. */
  wait(milliseconds: number, signal: AbortSignal): Promise<void>;
  /** For runs on one machine: waits for windows that another run has leased. Absent: these windows are deferred. */
  waitForOthers?: WaitForOthers;
};

/** How many windows other runs have leased, and when the first lease ends; both times are Huawei's. */
export type Leased = { windows: number; now: Instant; until: Instant };

/** Waits, until `until` at the latest, or until the signal aborts. Must not throw. */
export type WaitForOthers = (leased: Leased, signal: AbortSignal) => Promise<void>;
