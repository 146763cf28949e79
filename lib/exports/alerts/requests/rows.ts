import { nextVersion } from '../../../domain/ledger/compare-and-set.ts';
import type { AlertRequest, RequestTerms } from '../../../domain/ledger/request-row.ts';
import { numberOf, type WindowEntry } from '../../../domain/ledger/window-row.ts';
import { earlier, type Instant } from '../../../domain/time/instant.ts';
import type { LedgerReader, OpenRows } from '../../../ports.ts';

/** The exports that a plan for requests goes by. */
export type ListedExports = {
  /**
   * Scheduled windows and exports for alerts that reach into the requests' windows, and the exports for alerts of the
   * last hour.
   */
  entries: readonly WindowEntry[];
  /** The number of the next export for alerts. */
  nextNumber: number;
};

/** Lists the exports that matter for some requests. Two reads. */
export async function exportsFor(
  ledger: Pick<LedgerReader, 'list' | 'newestExports'>,
  targetId: string,
  { requests, now }: { requests: readonly RequestTerms[]; now: Instant },
): Promise<ListedExports> {
  const from = requests.map(({ window }) => window.start).reduce(earlier, now);
  const [listed, newest] = await Promise.all([
    ledger.list(targetId, from),
    ledger.newestExports(targetId, now.subtract({ hours: 1 })),
  ]);
  const known = new Set(listed.map(({ series }) => series));
  return {
    entries: [...listed, ...newest.filter(({ series }) => !known.has(series))],
    // A damaged row whose name is no number may sort above all numbers.
    nextNumber:
      (newest.map(({ series }) => numberOf(series)).find((number) => number !== undefined) ?? 0) + 1,
  };
}

/** A new request as its first row. */
export function openRequestFor(terms: RequestTerms, now: Instant): AlertRequest {
  return nextVersion({ ...terms, state: 'open', lost: [], tasks: [], version: 0 } as const, now);
}

type Listed = Pick<OpenRows, 'requests'>;

/** The requests among open rows that can be read: open ones, and closed ones whose loss is still shown. */
export function readableRequests({ requests }: Listed): AlertRequest[] {
  return requests.filter((request): request is AlertRequest => request.state !== 'unreadable');
}

/** The open requests among open rows. */
export function openRequests(listed: Listed): AlertRequest[] {
  return readableRequests(listed).filter(({ state }) => state === 'open');
}
