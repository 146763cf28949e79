import { Option } from 'commander';
import type { LedgerReader } from '../../ports.ts';
import { openAwsLedger } from '../../wiring/aws-ledger.ts';
import { openLocalLedger } from '../../wiring/local.ts';

/** Where the ledger is: in a state folder, or in the table of a deployed service if one is named. */
export type LedgerPlace = { state: string; ledgerTable?: string };

/** `--ledger-table`, for commands that only look. */
export function ledgerTableOption(): Option {
  return new Option(
    '--ledger-table <name>',
    "a deployed service's table in place of --state, with the AWS credentials and region of the environment",
  ).conflicts('state');
}

/** Lets `read` look at the ledger. Where no run has left one in the folder, it looks at one with nothing in it. */
export async function readLedger<Value>(
  { state, ledgerTable }: LedgerPlace,
  read: (ledger: LedgerReader, isThere: boolean) => Promise<Value>,
): Promise<Value> {
  if (ledgerTable !== undefined) return read(openAwsLedger(ledgerTable), true);
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
  listOpen: () => Promise.resolve({ target: undefined, windows: [], requests: [] }),
  newestExports: () => Promise.resolve([]),
  findTarget: () => Promise.resolve(undefined),
};
