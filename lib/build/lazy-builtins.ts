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
      onResolve({ filter: /^[a-z_:/0-9]+$/ }, ({ path, kind }) => {
        if (!isBuiltin(path)) return undefined;
        const namespace = kind === 'dynamic-import' ? 'late-builtin' : 'lazy-builtin';
        return { path, namespace, sideEffects: false };
      });
      onLoad({ filter: /./, namespace: 'lazy-builtin' }, ({ path }) => ({
        contents: `module.exports = process.getBuiltinModule('${path}')`,
      }));
      // `import()` must find the names, which esbuild does not see in CommonJS.
      onLoad({ filter: /./, namespace: 'late-builtin' }, ({ path }) => ({
        contents: `
          const builtin = process.getBuiltinModule('${path}');
          export const { ${namesOf(path).join(', ')} } = builtin;
          export { builtin as default };`,
      }));
    },
  };
}

function namesOf(path: string): string[] {
  const builtin: unknown = process.getBuiltinModule(path);
  return Object.keys(Object(builtin)).filter((name) => /^[\w$]+$/.test(name) && name !== 'default');
}
