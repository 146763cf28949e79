import { type Reply, textReply } from '../server/reply.ts';
import type { Effect } from './scenario.ts';

/** What a proxy or a firewall on the way says in the cloud's place: it has no request id, and knows no JSON. */
export function middleboxPage({ status, by, content_type, text }: Extract<Effect, { type: 'page' }>): Reply {
  const { 'x-request-id': _, ...headers } = textReply('', content_type).headers;
  return {
    status,
    headers: { ...headers, server: by, ...challenge(status, by) },
    body: text ?? pageText(status, by),
    note: `a page of ${by}`,
  };
}

// Both statuses must say how to authenticate (RFC 9110, 15.5.2 and 15.5.8).
function challenge(status: number, by: string): Record<string, string> {
  const name = { 401: 'www-authenticate', 407: 'proxy-authenticate' }[status];
  return name ? { [name]: `Basic realm="${by}"` } : {};
}

function pageText(status: number, by: string): string {
  return `<!DOCTYPE html>
<html><head><title>${status} - ${by}</title></head>
<body><h1>Request stopped</h1><p>${by} has stopped this request (${status}). Contact your network administrator.</p></body></html>
`;
}
