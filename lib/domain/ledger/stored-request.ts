import * as z from 'zod/mini';
import { instant } from '../time/instant.ts';
import { span } from '../time/spans.ts';
import { type AlertRequest, MOST_TASKS } from './request-row.ts';
import { storedSchema } from './stored-schema.ts';

const storedRequest = z.object({
  schema: storedSchema,
  target_id: z.string(),
  alert_id: z.string(),
  source: z.string(),
  types: z.array(z.string()),
  window: span,
  seen_until: instant,
  filters: z.record(z.string(), z.string()),
  arrived_at: instant,
  state: z.enum(['open', 'served', 'lost']),
  lost: z.array(span),
  tasks: z.array(z.string()).check(z.maxLength(MOST_TASKS, `must have at most ${MOST_TASKS} entries`)),
  exhausted: z.optional(z.object({ attempts: z.int(), spans: z.array(span) })),
  shown_until: z.optional(instant),
  version: z.int(),
  write_id: z.string(),
  updated_at: instant,
});

/** The request as the JSON document that both ledgers keep. Throws for one that could not be read again. */
export function requestToJson(request: AlertRequest): string {
  const document = {
    schema: 1 as const,
    target_id: request.targetId,
    alert_id: request.alertId,
    source: request.source,
    types: [...request.types],
    window: request.window,
    seen_until: request.seenUntil,
    filters: request.filters,
    arrived_at: request.arrivedAt,
    state: request.state,
    lost: [...request.lost],
    tasks: [...request.tasks],
    exhausted: request.exhausted && { ...request.exhausted, spans: [...request.exhausted.spans] },
    shown_until: request.shownUntil,
    version: request.version,
    write_id: request.writeId,
    updated_at: request.updatedAt,
  };
  const json = JSON.stringify(z.encode(storedRequest, document));
  requestFromJson(json);
  return json;
}

/** Reads what `requestToJson` wrote; throws a `$ZodError` of zod for anything else. */
export function requestFromJson(json: string): AlertRequest {
  const stored = z.decode(storedRequest, JSON.parse(json));
  const { exhausted, shown_until: shownUntil } = stored;
  return {
    targetId: stored.target_id,
    alertId: stored.alert_id,
    source: stored.source,
    types: stored.types,
    window: stored.window,
    seenUntil: stored.seen_until,
    filters: stored.filters,
    arrivedAt: stored.arrived_at,
    state: stored.state,
    lost: stored.lost,
    tasks: stored.tasks,
    ...(exhausted === undefined ? {} : { exhausted }),
    ...(shownUntil === undefined ? {} : { shownUntil }),
    version: stored.version,
    writeId: stored.write_id,
    updatedAt: stored.updated_at,
  };
}
