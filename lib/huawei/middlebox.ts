import type { HttpReply } from './http.ts';
import type { Redact } from './redact.ts';

/**
 * Who answered in the API's place, in words for people, or undefined for a reply that may be the API's own: a proxy, a
 * firewall, a captive portal or a load balancer answers with a page, or with a status that only they have.
 */
export function middleboxOf(reply: HttpReply, redact: Redact): string | undefined {
  if (!isPage(reply) && !PROXY_STATUSES.includes(reply.status)) return undefined;
  const { server, via } = reply.headers;
  const title = TITLE.exec(reply.body)?.[1]?.replaceAll(/\s+/g, ' ').trim();
  const facts = [
    `HTTP ${reply.status}`,
    server && `Server: ${brief(server, redact)}`,
    via && `Via: ${brief(via, redact)}`,
    title && `titled "${brief(title, redact)}"`,
  ];
  return facts.filter(Boolean).join(', ');
}

// Proxy Authentication Required and Network Authentication Required (RFC 9110, 15.5.8; RFC 6585, 6).
const PROXY_STATUSES = [407, 511];

const TITLE = /<title[^>]*>([^<]{1,1000})/i;
const LONGEST_FACT = 100;

// The API answers in JSON, its errors too. Some proxies call their page plain text, or nothing.
function isPage({ headers, body }: HttpReply): boolean {
  return (
    /\bx?html\b/i.test(headers['content-type'] ?? '') ||
    /^[\s\uFEFF]*<(!doctype|html|head|body)\b/i.test(body)
  );
}

function brief(text: string, redact: Redact): string {
  return redact(text).slice(0, LONGEST_FACT);
}
