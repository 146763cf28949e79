import * as z from 'zod/mini';
import { instant } from './instant.ts';
import { storedSchema } from './stored-schema.ts';
import type { TargetRecord } from './target-record.ts';

const storedTarget = z.object({
  schema: storedSchema,
  target_id: z.string(),
  origin: z.optional(instant),
  covered_until: z.optional(instant),
  watched_from: z.optional(instant),
  version: z.int(),
  write_id: z.string(),
  updated_at: instant,
});

/** The record as the JSON document that both ledgers keep. */
export function targetToJson(record: TargetRecord): string {
  const { targetId, origin, coveredUntil, watchedFrom, version, writeId, updatedAt } = record;
  const document = {
    schema: 1,
    target_id: targetId,
    origin,
    covered_until: coveredUntil,
    watched_from: watchedFrom,
    version,
    write_id: writeId,
    updated_at: updatedAt,
  } as const;
  return JSON.stringify(z.encode(storedTarget, document));
}

/** Reads what `targetToJson` wrote; throws a `$ZodError` of zod for anything else. */
export function targetFromJson(json: string): TargetRecord {
  const { target_id, origin, covered_until, watched_from, version, write_id, updated_at } = z.decode(
    storedTarget,
    JSON.parse(json),
  );
  return {
    targetId: target_id,
    ...(origin ? { origin } : {}),
    ...(covered_until ? { coveredUntil: covered_until } : {}),
    ...(watched_from ? { watchedFrom: watched_from } : {}),
    version,
    writeId: write_id,
    updatedAt: updated_at,
  };
}
