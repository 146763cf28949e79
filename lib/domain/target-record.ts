import type { Instant } from './instant.ts';

/** What the ledger keeps of a target as a whole. `version` and `writeId` fence writes as they do for windows. */
export type TargetRecord = {
  targetId: string;
  /** Where coverage begins. Written once, by the first scheduled run; absent while only backfills were done. */
  origin?: Instant;
  /**
   * Every second from `origin` to here is confirmed, or recorded as lost, or was announced and is too old for another
   * export. It only ever grows.
   */
  coveredUntil?: Instant;
  /** Where the oldest backfill began that lies before `coveredUntil` and may not be all confirmed yet. */
  watchedFrom?: Instant;
  version: number;
  writeId: string;
  updatedAt: Instant;
};
