import { randomUUID } from 'node:crypto';
import type { AlertBook, AlertOrder } from '../../domain/alert-book.ts';
import { InfrastructureError } from '../../domain/errors.ts';
import { earlier, type Instant } from '../../domain/instant.ts';
import type { Target } from '../../domain/target.ts';
import type { WindowEntry } from '../../domain/window-record.ts';
import type { LedgerReader } from '../../ports.ts';
import type { RunPorts } from '../run-ports.ts';
import { recordLosses } from './losses.ts';
import { type Revision, revise } from './revise.ts';
import type { AlertCall } from './take-in.ts';

/** A book as it now stands in the ledger, what is to be done by it, and what the ledger listed. */
export type Kept = { book: AlertBook; revision: Revision; entries: readonly WindowEntry[] };

// Each refusal means that another run has just written the book.
const TRIES = 10;

/**
 * Brings a target's book to this moment and writes it, on top of exactly what it was made from: two runs at once cannot
 * order the same. Undefined where there is nothing: no book, and no calls.
 */
export async function keepBook(
  ports: RunPorts,
  target: Target,
  calls: readonly AlertCall[],
): Promise<Kept | undefined> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const found = await lookAtBook(ports, target, calls);
    if (!found) return undefined;
    await recordLosses(ports, target, found.revision.losses);
    const book = await write(ports, found);
    if (book) return { ...found, book };
  }
  throw new InfrastructureError(
    `Could not write what is ordered for the alerts of target ${target.id}: others keep writing it.`,
  );
}

/** How the book would go on now. Reads the ledger and writes nothing. */
export async function lookAtBook(
  { ledger, clock }: { ledger: LedgerReader; clock: RunPorts['clock'] },
  target: Target,
  calls: readonly AlertCall[],
): Promise<Kept | undefined> {
  const stored = await ledger.findAlertBook(target.id);
  if (!stored && calls.length === 0) return undefined;
  const now = clock();
  const book = stored ?? {
    targetId: target.id,
    orders: [],
    places: [],
    version: 0,
    writeId: '',
    updatedAt: now,
  };
  const entries = await entriesFor(ledger, book, calls);
  return { book, revision: revise(book, calls, { target, now, entries }), entries };
}

/** The book as it is now; undefined when another run was quicker. */
async function write({ ledger, clock }: RunPorts, { book, revision }: Kept): Promise<AlertBook | undefined> {
  if (isSame(book, revision)) return book;
  const next = written(book, revision, clock());
  return (await ledger.saveAlertBook(next)) ? next : undefined;
}

/** Writes when the service is woken up next; that another run was quicker does no harm. */
export async function noteAlarm(
  { ledger, clock }: RunPorts,
  book: AlertBook,
  alarmAt: Instant,
): Promise<void> {
  await ledger.saveAlertBook({ ...written(book, book, clock()), alarmAt });
}

function entriesFor(ledger: LedgerReader, { targetId, orders }: AlertBook, calls: readonly AlertCall[]) {
  const starts = [...orders, ...calls].map(({ window }) => window.start);
  const [first, ...others] = starts;
  return first ? ledger.list(targetId, others.reduce(earlier, first)) : Promise.resolve([]);
}

type Content = { orders: readonly AlertOrder[]; places: readonly Instant[] };

function written(book: AlertBook, { orders, places }: Content, now: Instant): AlertBook {
  return { ...book, orders, places, version: book.version + 1, writeId: randomUUID(), updatedAt: now };
}

function isSame(book: AlertBook, { orders, places }: Content): boolean {
  const text = (content: Content) => JSON.stringify([content.orders, content.places]);
  return book.version > 0 && text(book) === text({ orders, places });
}
