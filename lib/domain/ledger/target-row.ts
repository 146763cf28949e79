import type { Instant } from '../time/instant.ts';
import type { Span } from '../time/spans.ts';

/** The Workspace project of a target's windows. Another project needs another target id. */
export type BoundProject = {
  region: string;
  /** From the settings or from Huawei's token; absent until one of them names it. */
  projectId?: string;
  /** The export host is on this machine: an emulator or a tunnel. */
  isLoopback: boolean;
};

/** The row of a target as a whole. `version` and `writeId` fence writes as for windows. */
export type TargetRow = BoundProject & {
  targetId: string;
  /**
   * Where coverage begins: the earlier of `start_at` and the first run's current window. Absent while there were only
   * backfills. It only ever becomes earlier.
   */
  coveredFrom?: Instant;
  /**
   * Present while `coveredFrom` goes by our own clock alone: the latest time of our clock at a run since then, or the time before
   * a jump of more than a day. The first run with a verified time keeps `coveredFrom` if this time is plausible. Otherwise
   * coverage begins with the oldest records that Huawei still has.
   */
  unverifiedAt?: Instant;
  /**
   * Every second from `coveredFrom` to here is confirmed, recorded as lost, or reported as never confirmed. It moves back when
   * `coveredFrom` does, and where a clock that was ahead had moved it too far.
   */
  coveredUntil?: Instant;
  /**
   * What a person began to backfill and is not exported yet. Runs order only windows of it that were started and failed; what
   * passes the cutoff without an export is a loss.
   */
  openBackfills?: Span[];
  /** From here on, windows may be lost, never confirmed or exhausted without a report. */
  unreportedFrom?: Instant;
  /** Since when no run could read Huawei's task list, by Huawei's time; absent once a run has read it. */
  listDownSince?: Instant;
  /** The end of the newest window that was recorded as lost. */
  lostUntil?: Instant;
  /**
   * How far our clock was ahead of Huawei's at the last run, in seconds; absent while they differ by five minutes at
   * most.
   */
  clockOffsetSeconds?: number;
  /** The scheduled time of the newest run. With a `rate(...)` schedule, sweeps work for this firing. */
  lastFiring?: Instant;
  /** The start of the oldest backfilled window before `coveredUntil` that may not be final yet. */
  lookbackFrom?: Instant;
  version: number;
  writeId: string;
  updatedAt: Instant;
};

/** The content of a row, without what fences its writes. */
export type TargetContent = Omit<TargetRow, 'targetId' | 'version' | 'writeId' | 'updatedAt'>;

export function contentOf({
  targetId: _,
  version: __,
  writeId: ___,
  updatedAt: ____,
  ...content
}: TargetRow) {
  return content satisfies TargetContent;
}
