import { afterEach, beforeEach } from 'vitest';
import type { WindowKey } from '../../lib/domain/ledger/window-row.ts';
import type { Ledger } from '../../lib/ports.ts';

/** One empty place where a ledger keeps its rows. */
export type LedgerStore = {
  /** A ledger on it, as each run opens its own. */
  open(): Ledger;
  /** Puts text where the JSON of a saved window stands. */
  overwrite(key: WindowKey, json: string): Promise<void>;
  /** Puts text into columns of a row: `target`, `alert/<number>` or `request/<id>`, as it is named in DynamoDB. */
  spoil(targetId: string, row: string, columns: Record<string, string>): Promise<void>;
  /** Gives a window's row another name, as it is named in DynamoDB. */
  rename(targetId: string, row: string, name: string): Promise<void>;
  close(): Promise<void>;
};

/** A new store for each test of the block in which it is called, and a ledger on it. Before a test there is neither. */
export function freshStore(make: () => Promise<LedgerStore>): { store: LedgerStore; ledger: Ledger } {
  const fresh = {} as { store: LedgerStore; ledger: Ledger };
  beforeEach(async () => {
    fresh.store = await make();
    fresh.ledger = fresh.store.open();
  });
  afterEach(() => fresh.store.close());
  return fresh;
}

// Instants hold their time where a comparison does not look; as JSON they show it to the nanosecond.
export function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
