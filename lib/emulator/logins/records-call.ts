import * as z from 'zod';
import { readExportOrder } from '../exports/export-order.ts';
import { paging } from '../server/paging.ts';
import { invalidParameter, jsonReply, type Reply, wrongMediaType } from '../server/reply.ts';
import { isJsonType, type Received } from '../server/request.ts';
import type { createKnownLogins } from './login-store.ts';

const query = z.object(paging({ most: 100, usual: 10 }));

/**
 * POST /v1/{project_id}/session/user-connection. Source: WorkspaceApp/ListUserConnection, whose body is the export's own.
 * The order is not documented; here it is by start.
 */
export function recordsCall(received: Received, logins: ReturnType<typeof createKnownLogins>): Reply {
  if (!isJsonType(received)) return wrongMediaType();
  const parsed = query.safeParse(Object.fromEntries(received.url.searchParams));
  if (!parsed.success)
    return invalidParameter(parsed.error.issues.map(({ path }) => path.join('.')).join(', '));
  const order = readExportOrder(received);
  if ('status' in order) return order;
  const { offset, limit } = parsed.data;
  const found = logins.find({ ...order, asOf: received.at });
  const items = found.slice(offset, offset + limit);
  return jsonReply(
    200,
    { count: found.length, items },
    { note: `${items.length} of ${found.length} records` },
  );
}
