import { isBuiltin } from 'node:module';
import type { Plugin } from 'esbuild';

/**
 * Loads Node's own modules when the code that needs them first runs. An import of an ESM file is loaded before its
 * first line, so one `node:http2` in a client that is itself loaded late would still be paid for at every start. And
 * `require` in bundled CommonJS works without a `createRequire` banner.
 */
export function lazyBuiltins(): Plugin {
  return {
    name: 'lazy-builtins',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^[a-z_:/0-9]+$/ }, ({ path }) =>
        isBuiltin(path) ? { path, namespace: 'lazy-builtin', sideEffects: false } : undefined,
      );
      onLoad({ filter: /./, namespace: 'lazy-builtin' }, ({ path }) => ({
        contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)})`,
      }));
    },
  };
}
