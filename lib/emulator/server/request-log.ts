import { LIST_PARAMETERS } from '../exports/list-tasks-call.ts';
import type { SeenRequest } from '../options.ts';
import type { Host } from './hosts.ts';
import type { Reply } from './reply.ts';
import type { Received } from './request.ts';
import type { CallKind } from './routes.ts';

type Called = Received & { host: Host | undefined; kind: CallKind | undefined };

const KEPT = 10_000;
const LONGEST_TEXT = 300;

/** Remembers the requests, and tells whoever watches. */
export function createRequestLog(watch: ((request: SeenRequest) => void) | undefined) {
  const seen: SeenRequest[] = [];

  const add = (request: SeenRequest): void => {
    seen.push(request);
    if (seen.length > KEPT) seen.shift();
    watch?.(request);
  };

  return {
    all: (): readonly SeenRequest[] => [...seen],
    add: ({ at, method, url, headers, host, kind }: Called, outcome: Reply | 'cut'): void =>
      add({
        at,
        method,
        host,
        path: url.pathname.slice(0, LONGEST_TEXT),
        query: documentedQuery(url.searchParams),
        kind,
        userAgent: harmless(headers['user-agent']),
        ...(outcome === 'cut' ? { status: 'cut' } : { status: outcome.status, note: harmless(outcome.note) }),
      }),
    addUnreadable: (at: number, status: number, note: string): void =>
      add({ at, method: '?', path: '?', query: {}, status, note }),
  };
}

// A note may repeat what the caller sent, such as the name of an unknown field; it ends up on terminals.
function harmless(note: string | undefined): string | undefined {
  return note?.slice(0, LONGEST_TEXT).replace(/\p{Cc}/gu, '?');
}

// Anything else could be a credential that was put in the wrong place.
function documentedQuery(parameters: URLSearchParams): Record<string, string> {
  const documented = ['nocatalog', 'name', ...LIST_PARAMETERS];
  return Object.fromEntries([...parameters].filter(([name]) => documented.includes(name)));
}
