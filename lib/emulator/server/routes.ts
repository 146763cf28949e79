import type { Host } from './hosts.ts';
import { gatewayError, iamError, type Reply, serviceError } from './reply.ts';
import type { Request } from './request.ts';

/** The calls that the emulator knows. */
export const CALL_KINDS = ['token', 'projects', 'export', 'records', 'tasks', 'download'] as const;
export type CallKind = (typeof CALL_KINDS)[number];

/** The call of a request, and the ids in its path. */
export type Route = { kind: CallKind; projectId: string; taskId: string };

const ROUTES: readonly { kind: CallKind; method: string; path: RegExp }[] = [
  { kind: 'token', method: 'POST', path: /^\/v3\/auth\/tokens$/ },
  { kind: 'projects', method: 'GET', path: /^\/v3\/projects$/ },
  {
    kind: 'records',
    method: 'POST',
    path: /^\/v1\/(?<projectId>[^/]{1,128})\/session\/user-connection$/,
  },
  {
    kind: 'export',
    method: 'POST',
    path: /^\/v1\/(?<projectId>[^/]{1,128})\/session\/user-connection\/export$/,
  },
  { kind: 'tasks', method: 'GET', path: /^\/v2\/(?<projectId>[^/]{1,128})\/export-tasks$/ },
  {
    kind: 'download',
    method: 'GET',
    path: /^\/v2\/(?<projectId>[^/]{1,128})\/export-tasks\/(?<taskId>[^/]{1,64})\/download$/,
  },
];

/** The host that serves a call. */
export function hostOf(kind: CallKind): Host {
  return HOST_OF[kind];
}

const HOST_OF: Record<CallKind, Host> = {
  token: 'iam',
  projects: 'iam',
  export: 'export',
  records: 'export',
  tasks: 'tasks',
  download: 'tasks',
};

/** The route of a request, or the error reply when the cloud has no such call. */
export function routeOf({ method, url }: Request): Route | Reply {
  for (const { kind, method: expected, path } of ROUTES) {
    const match = path.exec(url.pathname);
    if (!match) continue;
    if (method !== expected) return wrongMethod(kind, expected);
    return { kind, projectId: match.groups?.['projectId'] ?? '', taskId: match.groups?.['taskId'] ?? '' };
  }
  return unknownApi('no call of this API has this path');
}

/** The reply of a host that does not have the call, as when `appstream.` and `workspace.` are mixed up. */
export function unknownApi(note: string): Reply {
  return gatewayError({
    status: 404,
    code: 'APIGW.0101',
    message: 'The API does not exist or has not been published in the environment.',
    note,
  });
}

function wrongMethod(kind: CallKind, expected: string): Reply {
  const extras = { headers: { allow: expected }, note: `this call is a ${expected}` };
  if (hostOf(kind) === 'iam') return iamError(405, 'The method is not allowed.', extras);
  return serviceError({ status: 405, code: 'WKS.00000405', message: 'Method not allowed.', ...extras });
}
