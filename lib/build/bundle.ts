import { isBuiltin } from 'node:module';
import { relative, resolve } from 'node:path';
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';

type Options = {
  /** Paths in the source map and in stack traces are seen from here. */
  root: string;
  entry: string;
  /** Where the files will lie; nothing is written. */
  outputFolder: string;
  /** What the function imports as YAML, by its path from the root, such as `infra/settings/targets.yml`. */
  documents: Readonly<Record<string, unknown>>;
};

/** A file of a bundle, not yet written. */
export type BundleFile = { path: string; contents: Uint8Array };

/**
 * Bundles a function into ESM files with their source maps: `index.mjs`, and a chunk for what each `import()` loads.
 * Unused code is removed from a chunk only if the lazily loaded file imports its packages statically. Throws when the
 * bundle would have to load a package at run time, or does not export `handler`.
 */
export async function bundleFunction({
  root,
  entry,
  outputFolder,
  documents,
}: Options): Promise<BundleFile[]> {
  const { metafile, outputFiles } = await build({
    ...OPTIONS,
    absWorkingDir: root,
    entryPoints: { index: entry },
    outdir: outputFolder,
    plugins: [yamlImports(root, documents)],
  });
  checkInputs(metafile);
  checkOutputs(metafile, entry);
  return outputFiles.map(({ path, contents }) => ({ path, contents }));
}

/** Three of undici's four HTTP parsers: for processors without SIMD, which Lambda has, and for experiments. */
const UNUSED_PARSERS = ['../milo/simd.js', '../milo/no-simd.js', '../llhttp/llhttp-wasm.js'];

const OPTIONS = {
  write: false,
  bundle: true,
  splitting: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  outExtension: { '.js': '.mjs' },
  // Unused code is found in ES modules only, and the SDK's packages name their CommonJS form first.
  mainFields: ['module', 'main'],
  // CommonJS in an ES module finds Node's own modules with it.
  banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
  external: UNUSED_PARSERS,
  // Compiling is most of a cold start and goes by the byte; the source maps give the names back.
  minify: true,
  sourcemap: 'linked',
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
} satisfies BuildOptions;

// The bundle has the document that was read and checked, from whichever file the build was told to take. A document
// that the function does not import stays out.
function yamlImports(root: string, documents: Options['documents']): Plugin {
  const known = Object.keys(documents);
  return {
    name: 'yaml-imports',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /\.yml$/ }, (wanted) => {
        const path = relative(root, resolve(wanted.resolveDir, wanted.path));
        if (known.includes(path)) return { path, namespace: 'yaml-import', sideEffects: false };
        return { errors: [{ text: `The build knows no YAML documents but ${known.join(' and ')}` }] };
      });
      onLoad({ filter: /./, namespace: 'yaml-import' }, ({ path }) => ({
        contents: JSON.stringify(documents[path]),
        loader: 'json',
      }));
    },
  };
}

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
  const index = Object.keys(outputs).find((path) => path.endsWith('/index.mjs')) ?? '';
  if (!outputs[index]?.exports.includes('handler')) throw new Error(`${entry} does not export "handler".`);
  const outside = Object.values(outputs)
    .flatMap(({ imports }) => imports)
    .filter(({ external, path }) => external && !isBuiltin(path) && !UNUSED_PARSERS.includes(path))
    .map(({ path }) => path);
  if (outside.length > 0) throw new Error(`${entry} would load at run time: ${outside.join(', ')}`);
}
