import { UnavailableError, type UnavailableReason } from '../../domain/errors.ts';

type Details = Omit<ConstructorParameters<typeof UnavailableError>[1], 'fix'>;

/** Huawei cannot be had just now. What a person can do about it follows from the reason alone. */
export function unavailable(summary: string, details: Details): UnavailableError {
  return new UnavailableError(summary, { ...details, fix: FIXES[details.reason] });
}

/** Why a call got no answer, from the error of Node, OpenSSL or undici. `text` is short enough for a message. */
export function causeOf(error: unknown): {
  reason: UnavailableReason;
  mayHaveArrived: boolean;
  text: string;
} {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const text = textOf(error);
  const known = CAUSES.find(({ form }) => form.test(`${code} ${text}`));
  return {
    reason: known?.reason ?? 'unreachable',
    mayHaveArrived: known?.reason === 'timeout' || BROKEN_OFF.includes(code),
    text,
  };
}

// A connection was there, and ended.
const BROKEN_OFF = ['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'];

const CAUSES: readonly { form: RegExp; reason: UnavailableReason }[] = [
  // A connection was there, and then no reply, or not all of it.
  { form: /UND_ERR_(HEADERS|BODY)_TIMEOUT/, reason: 'timeout' },
  // Also while TLS was being agreed on, which the text then names.
  { form: /ECONNRESET|EPIPE\b/, reason: 'unreachable' },
  { form: /ENOTFOUND|EAI_AGAIN/, reason: 'unknown_name' },
  { form: /certificate|self-signed|altname/i, reason: 'untrusted_certificate' },
  { form: /SSL|TLS|EPROTO/, reason: 'no_tls' },
];

// A refused connection hides its cause in an AggregateError, one entry for each address that was tried.
function textOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return textOf(error.errors[0]);
  const text = error instanceof Error ? error.message || error.name : String(error);
  return text.replace(OPENSSL, '$1: $2').trim();
}

// Of OpenSSL's line, its reason; the rest is addresses and source files.
const OPENSSL = /^\S+:error:\w+:([^:]+):[^:]*:([^:]+):[\s\S]*$/;

const LATER = 'A later run may succeed. If it stays so, tell Huawei.';

const FIXES: Record<UnavailableReason, string> = {
  unreachable:
    "A later run may succeed. If it stays so, check firewall, routes, the proxy (HTTPS_PROXY, NO_PROXY) and the target's endpoints.",
  unknown_name:
    "A later run may succeed. If it stays so, check the spelling in the target's region and endpoints, and the DNS of this machine.",
  untrusted_certificate:
    'If a proxy inspects TLS here, name its CA in NODE_EXTRA_CA_CERTS. Never turn the verification off.',
  no_tls:
    'The server does not speak TLS as Huawei does. Check host and port of the endpoint, and any proxy on the way.',
  proxy_refused:
    'Have the proxy let this host through, put its user and password into HTTPS_PROXY (http://user:password@host:port), or name the host in NO_PROXY.',
  middlebox:
    "Have whoever runs it let the call through; HTTPS_PROXY names a proxy to use, NO_PROXY the hosts that need none. If nothing is in between, the target's endpoints are not Huawei's.",
  timeout: LATER,
  server_error: LATER,
  throttled: LATER,
  busy: LATER,
};
