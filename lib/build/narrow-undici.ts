import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/**
 * Bundles of `undici` only what `Agent`, `request` and `EnvHttpProxyAgent` need: its index also loads fetch, WebSocket, caches and mocks,
 * which is most of the time it takes. A static import of another name fails the build. `request`, and the `connect` that
 * proxies are asked with, are assembled as undici's index does it, from the text of the installed release.
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

      for (const [name, moduleFor] of Object.entries(ASSEMBLED)) {
        const namespace = `narrow-undici-${name}`;
        onResolve({ filter: new RegExp(`^narrow-undici:${name}$`) }, ({ importer }) => ({
          path: importer,
          namespace,
        }));
        onLoad({ filter: /./, namespace }, async ({ path }) => ({
          contents: moduleFor(await readFile(path, 'utf8')),
          resolveDir,
        }));
      }

      onResolve({ filter: UNUSED_PARSERS }, ({ path, importer }) =>
        UNDICI.test(importer) ? { path, namespace: 'narrow-undici-parser' } : undefined,
      );
      onLoad({ filter: /./, namespace: 'narrow-undici-parser' }, ({ path }) => ({
        contents: `throw new Error('The build left the HTTP parser ${path} out of the bundle.')`,
      }));
      // Loaded with the agent for proxies; only proxies of http and https are taken.
      onResolve({ filter: /^\.\/socks5-proxy-agent$/ }, ({ path, importer }) =>
        UNDICI.test(importer) ? { path, namespace: 'narrow-undici-socks' } : undefined,
      );
      onLoad({ filter: /./, namespace: 'narrow-undici-socks' }, () => ({ contents: '' }));
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
  export { default as EnvHttpProxyAgent } from 'narrow-undici:proxy';
  export { default as request } from 'narrow-undici:request';
`;

/** Modules that are made of the text of undici's index. */
const ASSEMBLED: Readonly<Record<string, (index: string) => string>> = {
  request: requestModule,
  proxy: proxyModule,
};

function requestModule(index: string): string {
  const makeDispatcher = /^function makeDispatcher \(fn\) \{\n.*?^\}$/ms.exec(index)?.[0];
  if (!makeDispatcher || !index.includes('module.exports.request = makeDispatcher(api.request)')) {
    throw madeOtherwise('request');
  }
  return `
    const { InvalidArgumentError } = require('undici/lib/core/errors.js');
    const util = require('undici/lib/core/util.js');
    const { getGlobalDispatcher } = require('undici/lib/global.js');
    ${makeDispatcher}
    module.exports = makeDispatcher(require('undici/lib/api/api-request.js'));
  `;
}

// Every dispatcher of undici's has all of its calls as methods; an agent for proxies makes use of one.
function proxyModule(index: string): string {
  if (!index.includes('Object.assign(Dispatcher.prototype, api)')) throw madeOtherwise('EnvHttpProxyAgent');
  return `
    const Dispatcher = require('undici/lib/dispatcher/dispatcher.js');
    Object.assign(Dispatcher.prototype, { connect: require('undici/lib/api/api-connect.js') });
    module.exports = require('undici/lib/dispatcher/env-http-proxy-agent.js');
  `;
}

function madeOtherwise(name: string): Error {
  return new Error(`This release of undici makes "${name}" in another way: fix lib/build/narrow-undici.ts.`);
}
