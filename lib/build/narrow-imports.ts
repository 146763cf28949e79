import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/**
 * Bundles of a package that a source loads with `const { A, B } = await import('package')` what A and B need.
 * esbuild drops what nobody uses of a static import only; an SDK client loaded late would come with all its commands.
 */
export function narrowImports(): Plugin {
  return {
    name: 'narrow-imports',
    setup({ onResolve, onLoad }) {
      onLoad({ filter: /\.ts$/ }, async ({ path }) => ({
        contents: narrow(await readFile(path, 'utf8')),
        loader: 'ts',
      }));
      onResolve({ filter: /^only:/ }, ({ path, resolveDir }) => ({
        path,
        namespace: 'narrow-import',
        sideEffects: false,
        pluginData: resolveDir,
      }));
      onLoad({ filter: /./, namespace: 'narrow-import' }, ({ path, pluginData: resolveDir }) => {
        const [, names, specifier] = path.split(':', 3);
        return { contents: `export { ${names} } from '${specifier}'`, resolveDir };
      });
    },
  };
}

const TAKEN_APART = /const \{([\w$,\s]+)\} = await import\('([^':]+)'\)/g;

function narrow(source: string): string {
  return source.replace(TAKEN_APART, (text, names: string, specifier: string) =>
    text.replace(`'${specifier}'`, `'only:${names.replaceAll(/\s/g, '')}:${specifier}'`),
  );
}
