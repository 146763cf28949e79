import type { AskedRequest } from '../../../domain/alert-request.ts';
import { earlier, type Instant } from '../../../domain/instant.ts';
import { numberOf, type WindowEntry } from '../../../domain/window-record.ts';
import type { LedgerReader } from '../../../ports.ts';

/** What a plan for requests goes by. */
export type ListedExports = {
  /** Of nights and of alerts: all that reach into the requests' windows, and those for alerts of the last hour. */
  entries: readonly WindowEntry[];
  /** Of the next export for alerts. */
  nextNumber: number;
};

/** Lists the exports that matter for some requests. Two reads. */
export async function exportsFor(
  ledger: Pick<LedgerReader, 'list' | 'newestExports'>,
  targetId: string,
  { requests, now }: { requests: readonly AskedRequest[]; now: Instant },
): Promise<ListedExports> {
  const from = requests.map(({ window }) => window.start).reduce(earlier, now);
  const [listed, newest] = await Promise.all([
    ledger.list(targetId, from),
    ledger.newestExports(targetId, now.subtract({ hours: 1 })),
  ]);
  const known = new Set(listed.map(({ series }) => series));
  return {
    entries: [...listed, ...newest.filter(({ series }) => !known.has(series))],
    // A row under a name of another kind may sort above all numbers.
    nextNumber:
      (newest.map(({ series }) => numberOf(series)).find((number) => number !== undefined) ?? 0) + 1,
  };
}
