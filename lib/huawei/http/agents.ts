import type { Dispatcher } from 'undici';
import { isLoopback } from '../../domain/input/endpoints.ts';
import type { Proxies } from '../../domain/input/proxies.ts';
import { Agent, EnvHttpProxyAgent, request } from './undici.ts';

/**
 * How long each phase of one call may take, in milliseconds; `body` is how long a body may pause. A call as a whole
 * ends when all phases together are over, also where a body comes byte by byte and never pauses.
 */
export type TimeOuts = { connect: number; headers: number; body: number };

/** What sends requests. */
export type Client = {
  send: typeof request;
  dispatcherFor(url: URL): Dispatcher;
  /** Host and port of the proxy that the environment names for a call, never its user and password. */
  proxyFor(url: URL): string | undefined;
};

// A token alone may have 40,000 characters and arrives in a header; Node's default is 16 KiB for all of them.
const MAX_HEADER_BYTES = 128 * 1024;

/**
 * How long the connection to one of a host's addresses may take before the next one is tried. Node's 250 ms are less
 * than a far host needs, and then an address without a route is tried last and decides.
 */
const ATTEMPT_MILLISECONDS = 2_500;

/** Import this file late: undici costs more to load than all the rest of the function together. */
export function createClient(timeOuts: TimeOuts, proxies: Proxies | undefined): Client {
  const options = dispatcherOptions(timeOuts);
  const direct = new Agent(options);
  const proxied = proxies ? proxiedAgent(options, proxies) : direct;
  return {
    send: request,
    // A server on this machine is never reached through a proxy.
    dispatcherFor: ({ origin }) => (isLoopback(origin) ? direct : proxied),
    proxyFor: ({ origin }) => (proxies && !isLoopback(origin) ? hostOf(proxies) : undefined),
  };
}

// Beyond the loopback every call is https.
function hostOf({ https, http }: Proxies): string | undefined {
  const url = https ?? http;
  return url && new URL(url).host;
}

function dispatcherOptions({ connect, headers, body }: TimeOuts) {
  return {
    allowH2: false,
    connect: {
      timeout: connect,
      autoSelectFamily: true,
      autoSelectFamilyAttemptTimeout: ATTEMPT_MILLISECONDS,
      // Also where NODE_TLS_REJECT_UNAUTHORIZED says otherwise: a credential is sent, and the host's time is trusted.
      rejectUnauthorized: true,
    },
    headersTimeout: headers,
    bodyTimeout: body,
    maxHeaderSize: MAX_HEADER_BYTES,
  };
}

function proxiedAgent(
  options: ReturnType<typeof dispatcherOptions>,
  { https, http, none }: Proxies,
): Dispatcher {
  const { connect, headersTimeout } = options;
  return new EnvHttpProxyAgent({
    ...options,
    // Empty rather than absent: undici reads the environment for what is absent.
    httpsProxy: https ?? '',
    httpProxy: http ?? '',
    noProxy: none,
    requestTls: connect,
    proxyTls: connect,
    // By undici's default a proxy has five minutes to open the connection.
    clientFactory: (_: URL, settings: object) => new Agent({ ...settings, headersTimeout }),
  });
}
