import * as z from 'zod/mini';
import { instant } from '../time/instant.ts';
import { span } from '../time/spans.ts';
import { storedSchema } from './stored-schema.ts';
import type { TargetRecord } from './target-row.ts';

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

/** The record as the JSON document that both ledgers keep. Throws for one that could not be read again. */
export function targetToJson(record: TargetRecord): string {
  const document = {
    schema: 1,
    target_id: record.targetId,
    region: record.region,
    project_id: record.projectId,
    loopback: record.isLoopback,
    covered_from: record.coveredFrom,
    unchecked_at: record.uncheckedAt,
    covered_until: record.coveredUntil,
    lookback_from: record.lookbackFrom,
    open_backfills: record.openBackfills,
    untold_from: record.untoldFrom,
    list_down_since: record.listDownSince,
    lost_until: record.lostUntil,
    clock_offset_seconds: record.clockOffsetSeconds,
    last_firing: record.lastFiring,
    version: record.version,
    write_id: record.writeId,
    updated_at: record.updatedAt,
  } as const;
  const json = JSON.stringify(z.encode(storedTarget, document));
  targetFromJson(json);
  return json;
}

/** Reads what `targetToJson` wrote; throws a `$ZodError` of zod for anything else. */
export function targetFromJson(json: string): TargetRecord {
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
