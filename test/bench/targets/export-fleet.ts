import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Temporal } from 'temporal-polyfill';
import { runScheduledExport } from '../../../lib/exports/scheduled-run.ts';
import { wireLocal } from '../../../lib/wiring/local.ts';
import { fleet } from './fleet.ts';
import { printCost } from './process-cost.ts';

const [origin = '', size = ''] = process.argv.slice(2);
const { targets, secrets } = fleet(origin, Number(size));
const state = mkdtempSync(join(tmpdir(), 'login-export-bench-'));
process.once('exit', () => rmSync(state, { recursive: true }));
const secretsFile = join(state, 'secrets.json');
writeFileSync(secretsFile, JSON.stringify(secrets), { mode: 0o600 });

let published = 0;
let writingMilliseconds = 0;
// SQLite writes synchronously: the process does nothing else in this time.
const timed =
  <Row, Result>(write: (row: Row) => Result) =>
  (row: Row): Result => {
    const writingFrom = performance.now();
    const result = write(row);
    writingMilliseconds += performance.now() - writingFrom;
    return result;
  };

const begin = performance.now();
const { ports, close } = wireLocal({
  state,
  secrets: secretsFile,
  clock: () => Temporal.Now.instant(),
  observe: ({ type }) => {
    if (type === 'window_published') published += 1;
  },
});
const { ledger, queue } = ports;
const watched = {
  ...ports,
  ledger: { ...ledger, save: timed(ledger.save), saveTarget: timed(ledger.saveTarget) },
  queue: { publish: timed(queue.publish) },
};
const scheduledTime = Temporal.Now.instant();
const input = { targets, scheduledTime, trigger: { kind: 'command' }, sweep: false } as const;
await runScheduledExport(watched, input, new AbortController().signal);
close();
printCost(begin, writingMilliseconds);

if (published !== targets.length)
  throw new Error(`${published} windows of ${targets.length} were published.`);
