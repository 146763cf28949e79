import type { Trigger } from '../../domain/exports/message.ts';
import type { Target } from '../../domain/input/target.ts';
import type { Instant } from '../../domain/time/instant.ts';
import type { Clocks } from '../../run-ports.ts';
import type { HostHealth } from '../vendor/host-health.ts';
import type { WindowResult } from '../window/outcome.ts';

/** One target's part of a run. */
export type RunShare = {
  target: Target;
  /** A run for the latest firing of the target's schedule: it orders what was due then. */
  sweep: boolean;
  /** The time that the run is for; absent: Huawei's time now. */
  scheduledTime?: Instant | undefined;
  trigger: TriggerSource;
};

/** A scheduled run: what is due follows from `scheduledTime` and the targets, never from our own clock. */
export type RunInput = { targets: readonly Target[] } & Omit<RunShare, 'target'>;

/** What started a run. */
export type TriggerSource = Omit<Trigger, 'scheduled_time'>;

/** `signal` ends the work early; `add` takes results as they come. */
export type Progress = { signal: AbortSignal; add: (results: readonly WindowResult[]) => void };

/** What the targets of a run share. */
export type RunContext = { clocks: Clocks; health: HostHealth };
