import { entryOf, type WindowEntry, type WindowKey } from '../../domain/ledger/window-row.ts';
import { type Instant, isAfter, isBefore } from '../../domain/time/instant.ts';
import { spanName } from '../../domain/time/spans.ts';
import type { Ledger } from '../../ports.ts';
import type { ServicePorts } from '../../run-ports.ts';

/** The ports of one run for one target, whose ledger reads a listing once and hands it on. */
export type SharedListing = {
  ports: ServicePorts;
  /** The next listing is read from the ledger again. For what depends on what other runs have written in the meantime. */
  renew: () => void;
};

/**
 * Keeps a target's listing of windows, with this run's own writes in it, until the run waits or another run writes the
 * same window. `from` is the earliest time that the run is known to ask for.
 */
export function shareListing(service: ServicePorts, from: Instant | undefined): SharedListing {
  const { ledger, wait, waitForOthers } = service;
  let kept: { after: Instant; entries: WindowEntry[] } | undefined;
  let writes = 0;
  const renew = () => {
    kept = undefined;
  };
  const renewAndThrow = (error: unknown): never => {
    renew();
    throw error;
  };

  const list: Ledger['list'] = async (targetId, after, { fresh = false } = {}) => {
    if (!fresh && kept && !isBefore(after, kept.after))
      return kept.entries.filter((entry) => isListed(entry, after));
    const start = from && isBefore(from, after) ? from : after;
    const before = writes;
    const entries = await ledger.list(targetId, start);
    // A write during the listing may be missing from it.
    kept = before === writes ? { after: start, entries } : undefined;
    return entries.filter((entry) => isListed(entry, after));
  };

  const save: Ledger['save'] = async (row) => {
    const counted = () => {
      writes += 1;
    };
    counted();
    // A write that throws may have landed all the same.
    const isSaved = await ledger.save(row).finally(counted).catch(renewAndThrow);
    if (isSaved && kept) kept = { ...kept, entries: withEntry(kept.entries, entryOf(row)) };
    else renew();
    return isSaved;
  };

  return {
    ports: {
      ...service,
      ledger: { ...ledger, list, save },
      wait: (milliseconds, signal) => wait(milliseconds, signal).finally(renew),
      ...(waitForOthers && {
        waitForOthers: (leased, signal) => waitForOthers(leased, signal).finally(renew),
      }),
    },
    renew,
  };
}

// A row whose window cannot be read has an entry without length, which every listing shows.
function isListed({ window: { start, end } }: WindowEntry, after: Instant): boolean {
  return isAfter(end, after) || !isBefore(start, end);
}

function withEntry(entries: readonly WindowEntry[], entry: WindowEntry): WindowEntry[] {
  const others = entries.filter((other) => nameOf(other) !== nameOf(entry));
  const next = others.findIndex(({ window }) => isAfter(window.end, entry.window.end));
  return others.toSpliced(next < 0 ? others.length : next, 0, entry);
}

// A number is a row's whole name. The rest of a damaged row may be unknown, and known again once the row is repaired.
function nameOf({ window, filtersDigest, series }: WindowKey): string {
  return series === 'calendar' ? `${filtersDigest} ${spanName(window)}` : series;
}
