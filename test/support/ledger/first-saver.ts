// Run by start-together.ts: tries to save each of a number of windows first, and prints the windows that it saved first.
import { createSqliteLedger } from '../../../lib/adapters/ledger/local-sqlite.ts';
import { startSignal } from '../process/start-together.ts';
import { windowRow } from './window-rows.ts';

const [file = '', run = '', count = '0'] = process.argv.slice(2);

await startSignal();
const ledger = createSqliteLedger({ file });
const firsts: string[] = [];
for (const targetId of Array.from({ length: Number(count) }, (_, index) => `window-${index}`)) {
  if (await ledger.save(windowRow({ targetId, writeId: run }))) firsts.push(targetId);
}
ledger.close();
process.stdout.write(JSON.stringify(firsts));
