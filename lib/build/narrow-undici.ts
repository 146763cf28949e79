import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/**
 * Bundles of `undici` only what `Agent`, `request` and `EnvHttpProxyAgent` need: its index also loads fetch, WebSocket, caches and mocks,
 * which is most of the time it takes. A static import of another name fails the build. `request` is assembled as
 * undici's index does it, from the text of the installed release.
 */
export function narrowUndici(): Plugin {
  return {
    name: 'narrow-undici',
    setup({ onResolve, onLoad, resolve }) {
      onResolve({ filter: /^undici$/ }, async ({ kind, resolveDir, pluginData }) => {
        if (pluginData === INDEX) return undefined;
        const index = await resolve('undici', { kind, resolveDir, pluginData: INDEX });
        return { ...index, namespace: 'narrow-undici', sideEffects: false };
      });
      onLoad({ filter: /./, namespace: 'narrow-undici' }, () => ({ contents: ENTRY, resolveDir }));

      onResolve({ filter: /^narrow-undici:request$/ }, ({ importer }) => ({
        path: importer,
        namespace: 'narrow-undici-request',
      }));
      onLoad({ filter: /./, namespace: 'narrow-undici-request' }, async ({ path }) => ({
        contents: requestModule(await readFile(path, 'utf8')),
        resolveDir,
      }));

      onResolve({ filter: UNUSED_PARSERS }, ({ path, importer }) =>
        UNDICI.test(importer) ? { path, namespace: 'narrow-undici-parser' } : undefined,
      );
      onLoad({ filter: /./, namespace: 'narrow-undici-parser' }, ({ path }) => ({
        contents: `throw new Error('The build left the HTTP parser ${path} out of the bundle.')`,
      }));
    },
  };
}

const resolveDir = import.meta.dirname;
const INDEX = Symbol('the index itself');
const UNDICI = /[\\/]node_modules[\\/]undici[\\/]/;

/**
 * Three of the four HTTP parsers in WebAssembly, a third of the zip. undici takes them where SIMD is missing (Lambda's
 * processors have it) and on experiment (UNDICI_USE_MILO, UNDICI_NO_WASM_SIMD).
 */
const UNUSED_PARSERS = /^\.\.\/(milo\/(no-)?simd|llhttp\/llhttp-wasm)\.js$/;

const ENTRY = `
  export { default as Agent } from 'undici/lib/dispatcher/agent.js';
  export { default as EnvHttpProxyAgent } from 'undici/lib/dispatcher/env-http-proxy-agent.js';
  export { default as request } from 'narrow-undici:request';
`;

function requestModule(index: string): string {
  const makeDispatcher = /^function makeDispatcher \(fn\) \{\n.*?^\}$/ms.exec(index)?.[0];
  if (!makeDispatcher || !index.includes('module.exports.request = makeDispatcher(api.request)')) {
    throw new Error(
      'This release of undici makes "request" in another way: mend lib/build/narrow-undici.ts.',
    );
  }
  return `
    const { InvalidArgumentError } = require('undici/lib/core/errors.js');
    const util = require('undici/lib/core/util.js');
    const { getGlobalDispatcher } = require('undici/lib/global.js');
    ${makeDispatcher}
    module.exports = makeDispatcher(require('undici/lib/api/api-request.js'));
  `;
}
