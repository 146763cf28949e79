import type { Reply } from './reply.ts';
import { overQuotaReply, type Quota } from './trouble.ts';

/** Counts the accepted exports, of all callers together, and refuses those beyond a quota. Without one all may pass. */
export function createExportQuota() {
  let quota: Quota | undefined;
  let accepted: number[] = [];

  return {
    /** Does the work of an export at `now`, unless that is one too many within the span that ends then. */
    meter: (now: number, work: () => Reply): Reply => {
      if (!quota) return work();
      const span = quota.per_seconds * 1000;
      // A scenario can set the clock back: what then lies in the future counts no more.
      accepted = accepted.filter((at) => at <= now && now < at + span);
      const [oldest] = accepted;
      if (oldest !== undefined && accepted.length >= quota.exports)
        return overQuotaReply(quota, Math.ceil((oldest + span - now) / 1000));
      const reply = work();
      if (reply.status === 200) accepted.push(now);
      return reply;
    },
    /** Replaces the quota and begins to count anew. */
    set: (replacement: Quota | undefined): void => {
      quota = replacement;
      accepted = [];
    },
  };
}
