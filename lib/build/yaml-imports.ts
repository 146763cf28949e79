import { relative, resolve } from 'node:path';
import type { Plugin } from 'esbuild';

type Options = {
  /** The folder that the paths of documents are seen from. */
  root: string;
  /** By path, such as `infra/settings/targets.yml`. */
  documents: Record<string, unknown>;
};

/**
 * Lets a function import its settings as `infra/settings/targets.yml` and `infra/settings/alerts.yml`: in the bundle stands the document
 * that was read and found right, from whichever file the build was told to take. What it does not import stays out.
 */
export function yamlImports({ root, documents }: Options): Plugin {
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
