import { join } from 'node:path';
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';
import { inMemory } from './in-memory.ts';

type Options = {
  /** Paths in the source map and in stack traces are seen from here. */
  root: string;
  entry: string;
  /** Where the module will lie; nothing is written. */
  outputFolder: string;
  plugins: Plugin[];
};

/** A file of a bundle, not yet written. */
export type BundleFile = { path: string; contents: Uint8Array };

/**
 * Bundles a function into one ESM file, `index.mjs`, with its source map beside it. Throws when the bundle would have
 * to load something else at run time, or does not export `handler`.
 *
 * In two passes, because esbuild drops unused code of a module that is loaded late only while it splits the bundle:
 * the first makes a file of each such module, the second puts the files together again.
 */
export async function bundleFunction(options: Options): Promise<BundleFile[]> {
  const { root, entry, outputFolder, plugins } = options;
  const split = await build({
    ...COMMON,
    absWorkingDir: root,
    entryPoints: { index: entry },
    outdir: outputFolder,
    splitting: true,
    sourcemap: 'inline',
    plugins,
  });
  checkInputs(split.metafile);
  const whole = await build({
    ...COMMON,
    absWorkingDir: root,
    entryPoints: { index: join(outputFolder, 'index.js') },
    outdir: outputFolder,
    outExtension: { '.js': '.mjs' },
    // Compiling is most of a cold start and goes by the byte; the source map beside the bundle gives the names back.
    minify: true,
    sourcemap: 'linked',
    plugins: [inMemory(split.outputFiles)],
  });
  checkOutputs(whole.metafile, entry);
  return whole.outputFiles.map(({ path, contents }) => ({ path, contents }));
}

const COMMON = {
  write: false,
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  // Unused code is found in ES modules only, and the SDK's packages name their CommonJS form first.
  mainFields: ['module', 'main'],
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
} satisfies BuildOptions;

// Split off, a CommonJS module has a default export and no names, so what takes names of it would find nothing.
function checkInputs({ inputs }: Metafile): void {
  for (const [importer, { imports }] of Object.entries(inputs)) {
    for (const { kind, path } of imports) {
      if (kind !== 'dynamic-import' || inputs[path]?.format !== 'cjs') continue;
      throw new Error(`${importer} loads ${path} late, which is CommonJS: import it at the top of a file.`);
    }
  }
}

function checkOutputs({ outputs }: Metafile, entry: string): void {
  for (const { entryPoint, exports, imports } of Object.values(outputs)) {
    if (entryPoint === undefined) continue;
    if (!exports.includes('handler')) throw new Error(`${entry} does not export "handler".`);
    const outside = imports.filter(({ external }) => external).map(({ path }) => path);
    if (outside.length > 0) throw new Error(`${entry} would load at run time: ${outside.join(', ')}`);
  }
}
