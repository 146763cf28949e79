import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

// npm run package: builds the functions, lists what they are made of, and lets osls write the templates. Arguments are
// those of `osls package`; the build gets its share of them, so that both read the same settings.

const ROOT = join(import.meta.dirname, '..', '..');

const args = process.argv.slice(2);

// osls refuses what it does not know, once it is its turn.
const { values } = parseArgs({
  args,
  strict: false,
  options: { param: { type: 'string', multiple: true } },
});

const steps = [
  ['lib/build/main.ts', ...(values.param ?? []).map((word) => `--param=${word}`)],
  ['lib/build/sbom.ts'],
  ['node_modules/osls/bin/serverless.js', 'package', ...args],
];

// Where a step fails, no template of an earlier time lies beside the new code, ready to be deployed with it.
rmSync(join(ROOT, '.serverless'), { recursive: true, force: true });

for (const step of steps) {
  const { status } = spawnSync(process.execPath, step, { cwd: ROOT, stdio: 'inherit' });
  process.exitCode = status ?? 1;
  if (status !== 0) break;
}
