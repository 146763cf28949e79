import * as z from 'zod/mini';
import { instant } from '../time/instant.ts';
import { span } from '../time/spans.ts';
import { storedSchema } from './stored-schema.ts';
import type { TargetRow } from './target-row.ts';

const storedTarget = z.object({
  schema: storedSchema,
  target_id: z.string(),
  region: z.string(),
  project_id: z.optional(z.string()),
  loopback: z.boolean(),
  covered_from: z.optional(instant),
  unchecked_at: z.optional(instant),
  covered_until: z.optional(instant),
  lookback_from: z.optional(instant),
  open_backfills: z.optional(z.array(span)),
  untold_from: z.optional(instant),
  list_down_since: z.optional(instant),
  lost_until: z.optional(instant),
  clock_offset_seconds: z.optional(z.int()),
  last_firing: z.optional(instant),
  version: z.int(),
  write_id: z.string(),
  updated_at: instant,
});

/** The row as the JSON document that both ledgers keep. Throws for one that could not be read again. */
export function targetToJson(row: TargetRow): string {
  const document = {
    schema: 1,
    target_id: row.targetId,
    region: row.region,
    project_id: row.projectId,
    loopback: row.isLoopback,
    covered_from: row.coveredFrom,
    unchecked_at: row.uncheckedAt,
    covered_until: row.coveredUntil,
    lookback_from: row.lookbackFrom,
    open_backfills: row.openBackfills,
    untold_from: row.untoldFrom,
    list_down_since: row.listDownSince,
    lost_until: row.lostUntil,
    clock_offset_seconds: row.clockOffsetSeconds,
    last_firing: row.lastFiring,
    version: row.version,
    write_id: row.writeId,
    updated_at: row.updatedAt,
  } as const;
  const json = JSON.stringify(z.encode(storedTarget, document));
  targetFromJson(json);
  return json;
}

/** Reads what `targetToJson` wrote; throws a `$ZodError` of zod for anything else. */
export function targetFromJson(json: string): TargetRow {
  const stored = z.decode(storedTarget, JSON.parse(json));
  return {
    targetId: stored.target_id,
    region: stored.region,
    isLoopback: stored.loopback,
    ...present({
      projectId: stored.project_id,
      coveredFrom: stored.covered_from,
      uncheckedAt: stored.unchecked_at,
      coveredUntil: stored.covered_until,
      lookbackFrom: stored.lookback_from,
      openBackfills: stored.open_backfills,
      untoldFrom: stored.untold_from,
      listDownSince: stored.list_down_since,
      lostUntil: stored.lost_until,
      clockOffsetSeconds: stored.clock_offset_seconds,
      lastFiring: stored.last_firing,
    }),
    version: stored.version,
    writeId: stored.write_id,
    updatedAt: stored.updated_at,
  };
}

/** Without what is undefined: a property that is there says something. */
export function present<Values extends object>(values: Values): Present<Values> {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Present<Values>;
}

type Present<Values> = { [Name in keyof Values]?: Exclude<Values[Name], undefined> };
