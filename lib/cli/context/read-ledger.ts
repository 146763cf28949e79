import { Option } from 'commander';
import type { LedgerReader } from '../../ports.ts';
import { openAwsLedger } from '../../wiring/aws-ledger.ts';
import { openLocalLedger } from '../../wiring/local.ts';

/** Where the ledger is: in a state folder, or in the named table of a deployed service. */
export type LedgerPlace = { state: string; ledgerTable?: string };

/** `--ledger-table`, for commands that only read. */
export function ledgerTableOption(): Option {
  return new Option(
    '--ledger-table <name>',
    'the ledger table of a deployed service instead of --state; uses the AWS credentials and region of the environment',
  ).conflicts('state');
}

/** Hands the ledger to `read`: an empty one where the folder has none yet (`isThere` is false). */
export async function readLedger<Value>(
  { state, ledgerTable }: LedgerPlace,
  read: (ledger: LedgerReader, isThere: boolean) => Promise<Value>,
): Promise<Value> {
  if (ledgerTable !== undefined) return read(openAwsLedger(ledgerTable), true);
  const local = openLocalLedger(state);
  try {
    return await read(local?.ledger ?? EMPTY, local !== undefined);
  } finally {
    local?.close();
  }
}

const EMPTY: LedgerReader = {
  find: () => Promise.resolve(undefined),
  list: () => Promise.resolve([]),
  listOpen: () => Promise.resolve({ target: undefined, windows: [], requests: [] }),
  newestExports: () => Promise.resolve([]),
  findTarget: () => Promise.resolve(undefined),
};
