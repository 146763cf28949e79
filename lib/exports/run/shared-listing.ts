import { Temporal } from 'temporal-polyfill';
import { entryOf, type WindowEntry, type WindowKey } from '../../domain/ledger/window-row.ts';
import { type Instant, isAfter, isBefore } from '../../domain/time/instant.ts';
import { spanName } from '../../domain/time/spans.ts';
import type { Ledger } from '../../ports.ts';
import type { ServicePorts } from '../../run-ports.ts';

/**
 * The ports of one run for one target, whose ledger reads a listing of windows once and hands it on: with this run's own
 * writes in it, until the run waits, another run writes the same window, or a fresh listing is asked for. `from` is the
 * earliest time that the run is known to ask for.
 */
export function shareListing(service: ServicePorts, from: Instant | undefined): ServicePorts {
  const { ledger, wait, waitForOthers } = service;
  let kept: Kept | undefined;
  let writes = 0;
  const renew = () => {
    kept = undefined;
  };
  const renewAndThrow = (error: unknown): never => {
    renew();
    throw error;
  };

  const list: Ledger['list'] = async (targetId, after, { fresh = false } = {}) => {
    if (!fresh && kept && !isBefore(after, kept.after)) return listed(kept.entries, after);
    const start = from && isBefore(from, after) ? from : after;
    const before = writes;
    const entries = await ledger.list(targetId, start);
    // A write during the listing may be missing from it.
    kept = before === writes ? keepable(start, entries) : undefined;
    return entries.filter((entry) => isListed(entry, after));
  };

  const save: Ledger['save'] = async (row) => {
    const counted = () => {
      writes += 1;
    };
    counted();
    // A write that throws may have landed all the same.
    const isSaved = await ledger.save(row).finally(counted).catch(renewAndThrow);
    const entry = entryOf(row);
    if (isSaved && kept) kept.entries.set(nameOf(entry), entry);
    else renew();
    return isSaved;
  };

  return {
    ...service,
    ledger: { ...ledger, list, save },
    wait: (milliseconds, signal) => wait(milliseconds, signal).finally(renew),
    ...(waitForOthers && {
      waitForOthers: (leased, signal) => waitForOthers(leased, signal).finally(renew),
    }),
  };
}

/** The windows that end after `after`, by name. */
type Kept = { after: Instant; entries: Map<string, WindowEntry> };

// Undefined where two damaged rows have one name: such a listing is not kept.
function keepable(after: Instant, all: readonly WindowEntry[]): Kept | undefined {
  const entries = new Map(all.map((entry) => [nameOf(entry), entry]));
  return entries.size === all.length ? { after, entries } : undefined;
}

// A row whose window cannot be read has an entry without length, which every listing shows.
function isListed({ window: { start, end } }: WindowEntry, after: Instant): boolean {
  return isAfter(end, after) || !isBefore(start, end);
}

function listed(entries: ReadonlyMap<string, WindowEntry>, after: Instant): WindowEntry[] {
  return [...entries.values()]
    .filter((entry) => isListed(entry, after))
    .sort((a, b) => Temporal.Instant.compare(a.window.end, b.window.end));
}

// A number is a row's whole name. The rest of a damaged row may be unknown, and known again once the row is repaired.
function nameOf({ window, filtersDigest, series }: WindowKey): string {
  return series === 'calendar' ? `${filtersDigest} ${spanName(window)}` : series;
}
