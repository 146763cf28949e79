import { basename } from 'node:path';
import type { OutputFile, Plugin } from 'esbuild';

/** Lets a build read what another has made and not written. */
export function inMemory(files: readonly OutputFile[]): Plugin {
  const byName = new Map(files.map((file) => [basename(file.path), file]));
  return {
    name: 'in-memory',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /./ }, ({ path }) => {
        const file = byName.get(basename(path));
        return file && { path: file.path };
      });
      onLoad({ filter: /./ }, ({ path }) => {
        const file = byName.get(basename(path));
        return file && { contents: file.contents, loader: 'js' };
      });
    },
  };
}
