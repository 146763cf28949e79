import { InputError } from '../errors.ts';

/** The proxies between this machine and Huawei, as the environment names them. URLs may hold a user and a password. */
export type Proxies = {
  /** For https. Undefined: the proxy for http is used. */
  https: string | undefined;
  http: string | undefined;
  /** Hosts that are reached without one: names (subdomains included), `*.name`, `name:port`, or `*`. */
  none: string;
};

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Reads HTTPS_PROXY, HTTP_PROXY and NO_PROXY. Names in lower case come first, as in curl. Undefined where no proxy is
 * named. Throws an `InputError` that never shows a value, because the value may hold a password.
 */
export function readProxies(variables: Variables): Proxies | undefined {
  const read = (name: string) =>
    variables[name.toLowerCase()]?.trim() || variables[name]?.trim() || undefined;
  const [https, http] = [read('HTTPS_PROXY'), read('HTTP_PROXY')].map(withScheme);
  if (!https && !http) return undefined;
  const issues = Object.entries({ HTTPS_PROXY: https, HTTP_PROXY: http })
    .filter(([, url]) => url !== undefined && !isProxy(url))
    .map(([path]) => ({ path, message: EXPECTED }));
  if (issues.length > 0) throw new InputError('Invalid proxy in the environment:', issues);
  return { https, http, none: read('NO_PROXY') ?? '' };
}

const EXPECTED =
  'must be http://[user:password@]host:port or https://…, with special characters percent-encoded (its value is not shown)';

// Other tools read "proxy.example:3128" in the same way.
function withScheme(text: string | undefined): string | undefined {
  return text === undefined || text.includes('://') ? text : `http://${text}`;
}

function isProxy(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && hostname !== '' && [username, password].every(isDecodable);
}

function isDecodable(text: string): boolean {
  try {
    return decodeURIComponent(text) !== undefined;
  } catch {
    return false;
  }
}
