/** An access key. A key with a security token is temporary: every request must carry the token. */
export type AccessKey = { accessKeyId: string; secretAccessKey: string; securityToken?: string };

/** Source: Huawei's signing FAQ: blocked for five minutes after more than five failures in a row. */
const FAILURES_ALLOWED = 5;
const BLOCK_MILLISECONDS = 5 * 60_000;

/** The access keys, and how many requests in a row failed with each key. */
export function createAccessKeys(initial: readonly AccessKey[]) {
  let keys = initial;
  const failures = new Map<string, { count: number; blockedUntil: number }>();

  return {
    find: (id: string): AccessKey | undefined => keys.find(({ accessKeyId }) => accessKeyId === id),
    isBlocked: (id: string, now: number): boolean => now < (failures.get(id)?.blockedUntil ?? 0),
    failed: (id: string, now: number): void => {
      const count = (failures.get(id)?.count ?? 0) + 1;
      const isOver = count > FAILURES_ALLOWED;
      failures.set(id, { count: isOver ? 0 : count, blockedUntil: isOver ? now + BLOCK_MILLISECONDS : 0 });
    },
    succeeded: (id: string): void => void failures.delete(id),
    /** Replaces all keys. No key is blocked then. */
    set: (replacement: readonly AccessKey[]): void => {
      keys = replacement;
      failures.clear();
    },
  };
}
