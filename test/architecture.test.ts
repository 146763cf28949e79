import { globSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';

const files = globSync(['lib/**/*.ts', 'functions/*.ts'], { exclude: ['**/*.d.ts'] }).sort();

/** What each room may import: our own paths, packages, and Node's modules. The first room that fits counts. */
const ROOMS: { room: RegExp; ours: RegExp; packages?: RegExp; builtins?: RegExp }[] = [
  {
    room: /^lib\/domain\//,
    ours: /^lib\/domain\//,
    packages: /^(zod\/(mini|v4\/core)|temporal-polyfill|fastest-levenshtein|croner)$/,
    builtins: /^crypto$/,
  },
  { room: /^lib\/ports\.ts$/, ours: /^lib\/domain\// },
  { room: /^lib\/run-ports\.ts$/, ours: /^lib\/(domain\/|ports\.ts)/ },
  {
    room: /^lib\/exports\//,
    ours: /^lib\/(domain\/|exports\/|(run-)?ports\.ts)/,
    packages: /^(zod\/mini|p-map|temporal-polyfill)$/,
    builtins: /^(crypto|net)$/,
  },
  {
    room: /^lib\/doctor\//,
    ours: /^lib\/(domain\/|doctor\/|exports\/|(run-)?ports\.ts)/,
    packages: /^p-map$/,
  },
  {
    room: /^lib\/huawei\/auth\/signer\.ts$/,
    ours: /^$/,
    builtins: /^crypto$/,
  },
  {
    room: /^lib\/huawei\//,
    ours: /^lib\/(domain\/|huawei\/|ports\.ts)/,
    packages: /^(zod\/mini|undici(\/lib\/.+)?|temporal-polyfill)$/,
    builtins: /^(timers\/promises|zlib)$/,
  },
  {
    room: /^lib\/adapters\/ledger\//,
    ours: /^lib\/(domain\/|ports\.ts|adapters\/ledger\/|adapters\/[^/]+\.ts)/,
    packages: /^(@aws-sdk\/client-dynamodb|zod\/(mini|v4\/core)|temporal-polyfill)$/,
    builtins: /^crypto$/,
  },
  {
    room: /^lib\/adapters\/queue\//,
    ours: /^lib\/(domain\/|ports\.ts|adapters\/queue\/|adapters\/[^/]+\.ts)/,
    packages: /^@aws-sdk\/client-sqs$/,
  },
  {
    room: /^lib\/adapters\/secrets\//,
    ours: /^lib\/(domain\/|ports\.ts|adapters\/secrets\/|adapters\/[^/]+\.ts|settings\/named-file\.ts)/,
    packages: /^@aws-sdk\/client-secrets-manager$/,
  },
  {
    room: /^lib\/adapters\/telemetry\//,
    ours: /^lib\/(domain\/|ports\.ts|adapters\/telemetry\/)/,
    packages: /^@aws-lambda-powertools\/(logger|metrics)$/,
  },
  {
    room: /^lib\/adapters\/sqlite(-[^/]+)?\.ts$/,
    ours: /^lib\/(domain\/|adapters\/[^/]+\.ts)/,
    builtins: /^(crypto|fs|os|path|sqlite)$/,
  },
  { room: /^lib\/adapters\/[^/]+\.ts$/, ours: /^lib\/(domain\/|adapters\/[^/]+\.ts)/ },
  { room: /^lib\/config\.ts$/, ours: /^lib\/domain\//, packages: /^zod\/mini$/ },
  {
    room: /^lib\/settings\//,
    ours: /^lib\/(domain\/|settings\/|huawei\/http\/endpoints\.ts)/,
    packages: /^yaml$/,
    builtins: /^fs\/promises$/,
  },
  {
    room: /^lib\/wiring\//,
    ours: /^lib\/(config\.ts|domain\/|exports\/|doctor\/|(run-)?ports\.ts|adapters\/|huawei\/|wiring\/(state-folder|aws|vendor-time)\.ts)/,
    builtins: /^(fs|path|timers\/promises)$/,
  },
  {
    room: /^lib\/cli\//,
    ours: /^lib\/(cli\/|wiring\/(local|aws-ledger|state-folder)\.ts|settings\/|exports\/|doctor\/|domain\/|(run-)?ports\.ts|emulator\/)/,
    packages: /^(commander|string-width|temporal-polyfill)$/,
    builtins: /^(crypto|events|fs\/promises|path|timers\/promises|util)$/,
  },
  {
    room: /^lib\/emulator\//,
    ours: /^lib\/(emulator\/|huawei\/auth\/signer\.ts)/,
    packages: /^zod$/,
    builtins: /^(http|net|crypto|timers\/promises|zlib)$/,
  },
  {
    room: /^lib\/build\//,
    ours: /^lib\/(build\/|domain\/|settings\/|huawei\/http\/endpoints\.ts)/,
    packages: /^(esbuild|fflate)$/,
    builtins: /./,
  },
  {
    room: /^lib\/deploy\//,
    ours: /^lib\/(domain|deploy)\//,
    packages: /^(zod\/mini|temporal-polyfill)$/,
  },
  {
    room: /^functions\//,
    ours: /^(functions\/lambda\.ts|infra\/settings\/(targets|alerts)\.yml|lib\/(config|ports|run-ports|wiring\/aws)\.ts|lib\/(domain|exports)\/)/,
    packages: /^(aws-lambda|@middy\/core|temporal-polyfill)$/,
  },
];

type Import = { specifier: string; ours?: string };

function importsOf(file: string): Import[] {
  const code = readFileSync(file, 'utf8').replaceAll(/^\s*(\/?\*|\/\/).*$/gm, '');
  const found = code.matchAll(
    /^(?:import|export)\b[^;'"]*?from '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm,
  );
  return [...found].map(([, from, bare, late]) => {
    const specifier = from ?? bare ?? late ?? '';
    const ours = specifier.startsWith('.') ? normalize(join(dirname(file), specifier)) : undefined;
    return { specifier, ...(ours ? { ours } : {}) };
  });
}

function isAllowed(file: string, { specifier, ours }: Import): boolean {
  const room = ROOMS.find((one) => one.room.test(file));
  if (!room) return false;
  if (ours !== undefined) return room.ours.test(ours);
  if (isBuiltin(specifier)) return room.builtins?.test(specifier.replace('node:', '')) ?? false;
  return room.packages?.test(specifier) ?? false;
}

it.each(files)('%s imports only what its room may know', (file) => {
  const forbidden = importsOf(file).filter((one) => !isAllowed(file, one));
  expect(forbidden.map(({ specifier }) => specifier)).toEqual([]);
});

it.each(files)('%s has at most 200 lines', (file) => {
  expect(readFileSync(file, 'utf8').split('\n').length - 1).toBeLessThanOrEqual(200);
});

describe('circles', () => {
  const imports = files.flatMap((file) =>
    importsOf(file).flatMap(({ ours }) => (ours ? [[file, ours]] : [])),
  );

  it('lead from no file to itself', () => {
    expect(circlesOf(imports)).toEqual([]);
  });

  it('lead from no folder to itself', () => {
    expect(circlesOf(imports.map((ends) => ends.map(dirname)))).toEqual([]);
  });
});

/** Each node that can be reached from itself over others. An import for types alone counts. */
function circlesOf(imports: readonly string[][]): string[] {
  const next = Map.groupBy(
    imports.filter(([from, to]) => from !== to),
    ([from]) => from,
  );
  const visit = (node: string | undefined, seen: Set<string | undefined>): Set<string | undefined> => {
    for (const [, to] of next.get(node) ?? []) if (!seen.has(to)) visit(to, seen.add(to));
    return seen;
  };
  return [...next.keys()].flatMap((node) => (node && visit(node, new Set()).has(node) ? [node] : []));
}

describe('process.env', () => {
  it('is read at the entries alone', () => {
    const readers = files.filter((file) => /\bprocess\.env\b/.test(readFileSync(file, 'utf8')));
    expect(readers.filter((file) => !['functions/lambda.ts', 'lib/cli/main.ts'].includes(file))).toEqual([]);
  });
});

it('the production code of a Lambda reaches no SQLite and no command line', () => {
  const seen = new Set<string>();
  const visit = (file: string) => {
    if (seen.has(file) || !file.endsWith('.ts')) return;
    seen.add(file);
    for (const { ours } of importsOf(file)) if (ours) visit(ours);
  };
  visit('functions/scheduled-export.ts');
  expect(seen.size).toBeGreaterThan(20);
  expect([...seen].filter((file) => /sqlite|lib\/(cli|emulator|build|deploy)\//.test(file))).toEqual([]);
});
