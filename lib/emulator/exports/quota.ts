import { overLimit, type Reply } from '../server/reply.ts';

/** At most `exports` accepted exports within `per_seconds` seconds. */
export type Quota = { exports: number; per_seconds: number };

/** Counts the accepted exports of all callers, and rejects exports above the quota. Without a quota, no export is rejected. */
export function createExportQuota() {
  let quota: Quota | undefined;
  let accepted: number[] = [];

  return {
    /** Does the work of an export at `now`, unless the span that ends at `now` already has as many as the quota. */
    meter: (now: number, work: () => Reply): Reply => {
      if (!quota) return work();
      const span = quota.per_seconds * 1000;
      // A scenario can set the clock back. Exports that are then in the future do not count.
      accepted = accepted.filter((at) => at <= now && now < at + span);
      const [oldest] = accepted;
      if (oldest !== undefined && accepted.length >= quota.exports)
        return overQuotaReply(quota, Math.ceil((oldest + span - now) / 1000));
      const reply = work();
      if (reply.status === 200) accepted.push(now);
      return reply;
    },
    /** Replaces the quota, and counts from 0 again. */
    set: (replacement: Quota | undefined): void => {
      quota = replacement;
      accepted = [];
    },
  };
}

// The shape of every 429 of the gateway, with the seconds until another export is accepted.
function overQuotaReply({ exports, per_seconds }: Quota, freeInSeconds: number): Reply {
  return overLimit(`limit:${exports},time:${per_seconds} second`, {
    headers: { 'retry-after': String(freeInSeconds) },
    note: `over the quota of ${exports} exports in ${per_seconds} seconds; the next is free in ${freeInSeconds}`,
  });
}
