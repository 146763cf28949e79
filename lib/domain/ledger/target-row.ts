import type { Instant } from '../time/instant.ts';
import type { Span } from '../time/spans.ts';

/** The Workspace project that a target's windows are of. Another project's records go under another target id. */
export type BoundProject = {
  region: string;
  /** From the settings, or as Huawei's token told it; absent until one of them did. */
  projectId?: string;
  /** The export host is on this machine: an emulator, or a tunnel. */
  isLoopback: boolean;
};

/** What the ledger keeps of a target as a whole. `version` and `writeId` fence writes as they do for windows. */
export type TargetRow = BoundProject & {
  targetId: string;
  /**
   * Where coverage begins: the earlier of `start_at` and the first run's current window. Absent while only backfills were
   * done. It only ever becomes earlier.
   */
  coveredFrom?: Instant;
  /**
   * `coveredFrom` goes by our own clock alone, and this is the latest time that our clock has said at a run since; where it
   * jumped ahead by more than a day, the time before the jump. The first run that knows the time keeps where coverage begins if this
   * fits to it, or begins with the oldest that Huawei still has.
   */
  unverifiedAt?: Instant;
  /**
   * Every second from `coveredFrom` to here is confirmed, or recorded as lost, or published and told as never confirmed.
   * It goes back when `coveredFrom` does, and where a clock that was ahead had moved it too far.
   */
  coveredUntil?: Instant;
  /**
   * What a person began to backfill and is not all exported yet. Runs order of it only what was started and failed; what
   * crosses the cutoff of it is a loss.
   */
  openBackfills?: Span[];
  /** From here on, windows may be lost, never confirmed or exhausted without anybody having been told. */
  unreportedFrom?: Instant;
  /** Since when no run has had Huawei's task list, by Huawei's time; absent once one has had it. */
  listDownSince?: Instant;
  /** Where the newest window ends that was recorded as lost. */
  lostUntil?: Instant;
  /** How far our clock was ahead of Huawei's at the last run, in seconds; absent while they agree to five minutes. */
  clockOffsetSeconds?: number;
  /** The scheduled time of the newest run. Sweeps of a `rate(...)` schedule stand for it. */
  lastFiring?: Instant;
  /** Where the oldest backfill began that lies before `coveredUntil` and may not be all confirmed yet. */
  lookbackFrom?: Instant;
  version: number;
  writeId: string;
  updatedAt: Instant;
};

/** What a row says, without what fences its writes. */
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
