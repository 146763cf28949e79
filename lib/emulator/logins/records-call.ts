import * as z from 'zod';
import { paging } from '../server/paging.ts';
import { invalidParameter, jsonReply, type Reply, wrongMediaType } from '../server/reply.ts';
import { isJsonType, type Request } from '../server/request.ts';
import { readLoginQuery } from './login-query.ts';
import type { createLoginStore } from './login-store.ts';

const parameters = z.object(paging({ most: 100, usual: 10 }));

/**
 * POST /v1/{project_id}/session/user-connection. Source: WorkspaceApp/ListUserConnection. The body is that of the
 * export call. The order of the records is not documented; here they are in the order of their start.
 */
export function recordsCall(request: Request, logins: ReturnType<typeof createLoginStore>): Reply {
  if (!isJsonType(request)) return wrongMediaType();
  const parsed = parameters.safeParse(Object.fromEntries(request.url.searchParams));
  if (!parsed.success)
    return invalidParameter(parsed.error.issues.map(({ path }) => path.join('.')).join(', '));
  const loginQuery = readLoginQuery(request);
  if ('status' in loginQuery) return loginQuery;
  const { offset, limit } = parsed.data;
  const found = logins.find({ ...loginQuery, asOf: request.at });
  const items = found.slice(offset, offset + limit);
  return jsonReply(
    200,
    { count: found.length, items },
    { note: `${items.length} of ${found.length} records` },
  );
}
