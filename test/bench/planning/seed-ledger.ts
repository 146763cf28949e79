import pMap from 'p-map';
import { ledgerAt } from './ledger-place.ts';
import { plannedTarget } from './planned-target.ts';

// The records are written by another process than the one that is measured, which must not know them yet.
const [place = '', windows = ''] = process.argv.slice(2);
const { ledger } = ledgerAt(place);
const { records, withGap } = plannedTarget(Number(windows));
const saved = await pMap(records, ledger.save, { concurrency: 16 });
await ledger.saveTarget(withGap);
process.stdout.write(JSON.stringify(saved.filter(Boolean).length));
