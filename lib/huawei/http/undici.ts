import connect from 'undici/lib/api/api-connect.js';
import requestWith from 'undici/lib/api/api-request.js';
import Agent from 'undici/lib/dispatcher/agent.js';
import Dispatcher from 'undici/lib/dispatcher/dispatcher.js';
import EnvHttpProxyAgent from 'undici/lib/dispatcher/env-http-proxy-agent.js';

/*
 * The parts of undici that are used. Its index also loads fetch, WebSocket, caches and mocks: see
 * docs/decisions/undici-narrowed.md. Import this file late.
 */

// undici's index does so for every call. The agent for proxies opens its tunnels with this one.
Object.assign(Dispatcher.prototype, { connect });

export { Agent, EnvHttpProxyAgent };

/** Sends one request through `dispatcher`, as undici's own `request` does. */
export function request(
  dispatcher: Dispatcher,
  options: Dispatcher.RequestOptions,
): Promise<Dispatcher.ResponseData> {
  return requestWith.call(dispatcher, options);
}
