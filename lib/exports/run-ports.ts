import type { Instant } from '../domain/instant.ts';
import type { Clock, ExportApi, Ledger, Observe, TaskQueue } from '../ports.ts';
import type { Clocks } from './clock/target-clock.ts';

/** What the work on one target is done with. `clock` is the vendor's time, as the run learnt it from the target's host. */
export type RunPorts = {
  api: ExportApi;
  ledger: Ledger;
  queue: TaskQueue;
  clock: Clock;
  observe: Observe;
};

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
