import type { LedgerReader } from '../exports/scheduled/look.ts';
import { openLocalLedger } from '../wiring/local.ts';

/** Lets `read` look at the ledger in a state folder. Where no run has left one, it looks at one with nothing in it. */
export async function readLedger<Value>(
  state: string,
  read: (ledger: LedgerReader, isThere: boolean) => Promise<Value>,
): Promise<Value> {
  const local = openLocalLedger(state);
  try {
    return await read(local?.ledger ?? NOTHING, local !== undefined);
  } finally {
    local?.close();
  }
}

const NOTHING: LedgerReader = {
  find: () => Promise.resolve(undefined),
  list: () => Promise.resolve([]),
  findTarget: () => Promise.resolve(undefined),
  findAlertBook: () => Promise.resolve(undefined),
};
