import type { Trigger } from '../../domain/exports/message.ts';
import type { Target } from '../../domain/input/target.ts';
import type { Instant } from '../../domain/time/instant.ts';
import type { Clocks } from '../../run-ports.ts';
import type { WindowResult } from '../window/report.ts';
import type { HostHealth } from './host-health.ts';

/** One target's share of a run. */
export type RunShare = {
  target: Target;
  /** It stands for the latest firing of the target's schedule, and does what was due then. */
  sweep: boolean;
  /** The time the run was started for; absent: Huawei's now. */
  scheduledTime?: Instant | undefined;
  trigger: TriggerSource;
};

/** A scheduled run: what is due follows from `scheduledTime` and the targets, never from our own clock. */
export type RunInput = { targets: readonly Target[] } & Omit<RunShare, 'target'>;

/** What set a run off. */
export type TriggerSource = Omit<Trigger, 'scheduled_time'>;

/** What ends a share's work before it is through, and where its results go as they come. */
export type Progress = { signal: AbortSignal; add: (results: readonly WindowResult[]) => void };

/** What the targets of a run share. */
export type RunContext = { clocks: Clocks; health: HostHealth };
