import { basename, resolve } from 'node:path';
import type { Plugin } from 'esbuild';

/**
 * Lets a function import its targets as `infra/targets.yml`: in the bundle stands the document that was read and
 * found right, from whichever file the build was told to take.
 */
export function yamlImports(path: string, document: unknown): Plugin {
  return {
    name: 'yaml-imports',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /\.yml$/ }, (wanted) => {
        const file = resolve(wanted.resolveDir, wanted.path);
        if (file === path) return { path: basename(path), namespace: 'yaml-import', sideEffects: false };
        return { errors: [{ text: `The build knows no YAML document but ${path}` }] };
      });
      onLoad({ filter: /./, namespace: 'yaml-import' }, () => ({
        contents: JSON.stringify(document),
        loader: 'json',
      }));
    },
  };
}
