import { parseArgs } from 'node:util';
import { MODES, type Mode } from './day.ts';
import { playDay } from './play.ts';
import { openStore, type StoreKind } from './stores.ts';

const USAGE =
  'npm run simulate:alerts -- [--mode MODE] [--seeds FROM..TO] [--store SQLite|DynamoDB] [--alerts MOST] [--story]';

const { values } = parseArgs({
  options: {
    mode: { type: 'string' },
    seeds: { type: 'string', default: '1..20' },
    store: { type: 'string', default: 'SQLite' },
    alerts: { type: 'string', default: '80' },
    story: { type: 'boolean', default: false },
  },
});
const [, from = 0, to = 0] = /^(\d{1,9})\.\.(\d{1,9})$/.exec(values.seeds)?.map(Number) ?? [];
const modes = MODES.filter((mode) => values.mode === undefined || mode === values.mode);
if (from < 1 || from > to || modes.length === 0) fail();

for (const mode of modes) await playSteps(mode);

async function playSteps(mode: Mode): Promise<void> {
  const store = await openStore(storeKind());
  const began = performance.now();
  const bad: number[] = [];
  let [exports, alerts] = [0, 0];
  for (let seed = from; seed <= to; seed += 1) {
    const result = await playDay({ mode, seed, mostAlerts: Number(values.alerts) }, store);
    exports += result.exports;
    alerts += result.alerts;
    if (result.violations.length > 0) bad.push(seed);
    if (result.violations.length > 0 || values.story)
      print([...result.trace, ...result.violations].join('\n'));
  }
  await store.close();
  const seconds = Math.round((performance.now() - began) / 1_000);
  print(
    `${mode}: ${to - from + 1} days, ${alerts} alerts, ${exports} exports, ${seconds} s; ${bad.length} failed ${bad.join(' ')}`,
  );
  if (bad.length > 0) process.exitCode = 1;
}

function storeKind(): StoreKind {
  return values.store === 'DynamoDB' ? 'DynamoDB' : 'SQLite';
}

function fail(): never {
  print(
    `--mode is one of ${MODES.join(', ')}, and --seeds two numbers such as 1..20, the smaller first: ${USAGE}`,
  );
  process.exit(2);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
