import type { Instant } from '../../domain/instant.ts';
import type { Target } from '../../domain/target.ts';
import type { Trigger } from '../../domain/task-submitted.ts';
import type { Clocks } from '../clock/target-clock.ts';
import type { WindowResult } from '../report.ts';
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

/** What set a run off. */
export type TriggerSource = Omit<Trigger, 'scheduled_time'>;

/** What ends a share's work before it is through, and where its results go as they come. */
export type Progress = { signal: AbortSignal; add: (results: readonly WindowResult[]) => void };

/** What the targets of a run share. */
export type RunContext = { clocks: Clocks; health: HostHealth };
