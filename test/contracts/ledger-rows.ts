import type { Ledger } from '../../lib/ports.ts';
import { alertRequest } from '../support/ledger/request-rows.ts';
import { targetRow } from '../support/ledger/target-rows.ts';
import { windowKey, windowRow } from '../support/ledger/window-rows.ts';
import { plain } from './ledger-store.ts';

export type Write = { version: number; writeId: string; targetId?: string };

/** What is found of a row: all of it, and the two words that name the write it is from. */
export type Found = { version: number; writeId: string };

/** One kind of row, for what all kinds have in common: who may write, and what is found then. */
export type RowKind = {
  save(ledger: Ledger, write: Write): Promise<boolean>;
  /** What `find` gives after that write, in plain JSON. */
  kept(write: Write): unknown;
  find(ledger: Ledger, targetId?: string): Promise<Found | undefined>;
};

export const ROW_KINDS: Record<string, RowKind> = {
  window: {
    save: (ledger, write) => ledger.save(windowRow({ attempt: write.version, ...write })),
    kept: (write) => plain(windowRow({ attempt: write.version, ...write })),
    find: async (ledger, targetId = 'acme-prod') => {
      const found = await ledger.find(windowKey({ targetId }));
      if (found?.state === 'unreadable') throw new Error(found.damage);
      return found;
    },
  },
  target: {
    save: (ledger, write) => ledger.saveTarget(targetRow(write)),
    kept: (write) => plain(targetRow(write)),
    find: (ledger, targetId = 'acme-prod') => ledger.findTarget(targetId),
  },
  'request of an alert': {
    save: (ledger, write) => ledger.saveRequest(alertRequest(write)),
    kept: (write) => plain(alertRequest(write)),
    find: async (ledger, targetId = 'acme-prod') => {
      const [found] = (await ledger.listOpen(targetId)).requests;
      if (found?.state === 'unreadable') throw new Error(found.damage);
      return found;
    },
  },
};
