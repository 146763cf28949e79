import pMap from 'p-map';
import { ledgerAt } from './ledger-place.ts';
import { plannedTarget } from './planned-target.ts';

// Another process writes the rows, because the process that is measured must not have them in memory.
const [place = '', windows = ''] = process.argv.slice(2);
const { ledger } = ledgerAt(place);
const { rows, withGap } = plannedTarget(Number(windows));
const saved = await pMap(rows, ledger.save, { concurrency: 16 });
await ledger.saveTarget(withGap);
process.stdout.write(JSON.stringify(saved.filter(Boolean).length));
