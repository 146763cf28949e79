import type { UnavailableError } from '../../domain/errors.ts';
import type { HttpReply, HttpRequest } from './http.ts';
import type { Redact } from './redact.ts';
import { unavailable } from './unavailable.ts';

/**
 * Who answered in the API's place, in words for people, or undefined for a reply that may be the API's own: a proxy, a
 * firewall, a captive portal or a load balancer answers with a page, with a redirect to a host of its own, or with a
 * status that only they have. None of these says anything about the credential.
 */
export function middleboxOf(reply: HttpReply, url: URL, redact: Redact): string | undefined {
  const elsewhere = redirectedTo(reply, url);
  if (!isPage(reply) && !PROXY_STATUSES.includes(reply.status) && !elsewhere) return undefined;
  const { server, via } = reply.headers;
  const title = TITLE.exec(reply.body)?.[1]?.replaceAll(/\s+/g, ' ').trim();
  const facts = [
    `HTTP ${reply.status}`,
    elsewhere && `to ${brief(elsewhere, redact)}`,
    server && `Server: ${brief(server, redact)}`,
    via && `Via: ${brief(via, redact)}`,
    title && `titled "${brief(title, redact)}"`,
  ];
  return facts.filter(Boolean).join(', ');
}

/** The failure of a call that a middlebox answered. */
export function middleboxError(
  { method, url }: HttpRequest,
  middlebox: string,
  { mayHaveArrived = false } = {},
): UnavailableError {
  return unavailable(
    `${url.host} itself did not answer: something in its place did (${middlebox}), such as a proxy, a firewall, a login ` +
      `page or a load balancer. The call was ${method} ${url.origin}${url.pathname}.`,
    { reason: 'middlebox', mayHaveArrived },
  );
}

// Proxy Authentication Required and Network Authentication Required (RFC 9110, 15.5.8; RFC 6585, 6).
const PROXY_STATUSES = [407, 511];

const TITLE = /<title[^>]*>([^<]{1,1000})/i;
const LONGEST_FACT = 100;

// The API answers in JSON, also when it refuses. Some proxies give their page no type or call it plain text; some write plain text.
function isPage({ status, headers, body, bodyIssue }: HttpReply): boolean {
  if (/\bx?html\b/i.test(headers['content-type'] ?? '')) return true;
  if (/^[\s\uFEFF]*<(!doctype|html|head|body)\b/i.test(body)) return true;
  return status >= 400 && bodyIssue === undefined && /^\s*[^\s{[]/.test(body);
}

// A captive portal sends people to its login.
function redirectedTo({ status, headers: { location } }: HttpReply, url: URL): string | undefined {
  if (status < 300 || status >= 400 || !location || !URL.canParse(location, url.href)) return undefined;
  const { origin } = new URL(location, url);
  return origin === url.origin ? undefined : origin;
}

function brief(text: string, redact: Redact): string {
  return redact(text).slice(0, LONGEST_FACT);
}
