import { dirname } from 'node:path';
import type { Plugin } from 'esbuild';

/**
 * Gives the SDK's clients the one credential provider that Lambda needs: the role's keys stand in the environment.
 * The default chain also brings single sign-on, STS, profiles and instance metadata, for which Lambda has no use.
 */
export function environmentCredentials(): Plugin {
  return {
    name: 'environment-credentials',
    setup({ onResolve, onLoad, resolve }) {
      onResolve({ filter: CHAIN }, async ({ kind, path, resolveDir, pluginData }) => {
        if (pluginData === CHAIN_ITSELF) return undefined;
        const chain = await resolve(path, { kind, resolveDir, pluginData: CHAIN_ITSELF });
        return { ...chain, namespace: 'environment-credentials', sideEffects: false };
      });
      onLoad({ filter: /./, namespace: 'environment-credentials' }, ({ path }) => ({
        contents: `export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env'`,
        resolveDir: dirname(path),
      }));
    },
  };
}

const CHAIN = /^@aws-sdk\/credential-provider-node$/;
const CHAIN_ITSELF = Symbol('the chain itself');
