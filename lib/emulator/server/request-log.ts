import type { Host } from './hosts.ts';
import type { Reply } from './reply.ts';
import type { Request } from './request.ts';
import type { CallKind } from './routes.ts';

/** One request as the log keeps it. It holds no secret. */
export type SeenRequest = {
  /** The emulator's clock when it arrived, in milliseconds since the epoch. */
  at: number;
  method: string;
  /** The host that was called. On a single port, the host that has the call. */
  host?: Host | undefined;
  path: string;
  /** The documented parameters of the query; every other parameter is left out. */
  query: Readonly<Record<string, string>>;
  /** Absent when the request is no call of this API. */
  kind?: CallKind | undefined;
  /** `cut`: the connection was closed without an answer. */
  status: number | 'cut';
  /** The User-Agent header. */
  userAgent?: string | undefined;
  /** What happened, in a few words: the id of the task, or a reason that the reply does not name. */
  note?: string | undefined;
};

type Called = Request & { host: Host | undefined; kind: CallKind | undefined };

const KEPT = 10_000;
const LONGEST_TEXT = 300;

/** Keeps the last requests. `parameters` are the documented query parameters; `onRequest` is called with each request. */
export function createRequestLog({
  parameters,
  onRequest,
}: {
  parameters: readonly string[];
  onRequest: ((request: SeenRequest) => void) | undefined;
}) {
  const seen: SeenRequest[] = [];

  const add = (request: SeenRequest): void => {
    seen.push(request);
    if (seen.length > KEPT) seen.shift();
    onRequest?.(request);
  };

  return {
    all: (): readonly SeenRequest[] => [...seen],
    add: ({ at, method, url, headers, host, kind }: Called, outcome: Reply | 'cut'): void =>
      add({
        at,
        method,
        host,
        path: url.pathname.slice(0, LONGEST_TEXT),
        query: documentedQuery(url.searchParams, parameters),
        kind,
        userAgent: withoutControl(headers['user-agent']),
        ...(outcome === 'cut'
          ? { status: 'cut' }
          : { status: outcome.status, note: withoutControl(outcome.note) }),
      }),
    addUnreadable: (at: number, status: number, note: string): void =>
      add({ at, method: '?', path: '?', query: {}, status, note }),
  };
}

// A note may repeat what the caller sent, such as the name of an unknown field, and terminals print notes.
function withoutControl(note: string | undefined): string | undefined {
  return note?.slice(0, LONGEST_TEXT).replace(/\p{Cc}/gu, '?');
}

// Another parameter could be a credential that was put in the wrong place.
function documentedQuery(query: URLSearchParams, documented: readonly string[]): Record<string, string> {
  return Object.fromEntries([...query].filter(([name]) => documented.includes(name)));
}
