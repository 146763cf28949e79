import * as z from 'zod/mini';
import { reason, servedAlerts, trigger } from '../exports/message.ts';
import { instant } from '../time/instant.ts';
import { span } from '../time/spans.ts';
import { storedSchema } from './stored-schema.ts';
import { stateFromStored, stateToStored, storedState } from './stored-state.ts';
import { HIGHEST_NUMBER, type WindowRow } from './window-row.ts';

const NUMBER_EXPECTED = `must be a number from 1 to ${HIGHEST_NUMBER}`;

const storedCommon = z
  .object({
    schema: storedSchema,
    target_id: z.string(),
    window: span,
    filters: z.record(z.string(), z.string()),
    reason,
    trigger,
    /** Absent outside the alert series. */
    alerts: z.optional(servedAlerts),
    /** With `ordered_at`, of an export for alerts. */
    number: z.optional(
      z.int().check(z.minimum(1, NUMBER_EXPECTED), z.maximum(HIGHEST_NUMBER, NUMBER_EXPECTED)),
    ),
    ordered_at: z.optional(instant),
    attempt: z.int(),
    /** Absent where it is false. */
    unverified_clock: z.optional(z.boolean()),
    /** Absent while there are none. */
    orphans: z.optional(z.int()),
    version: z.int(),
    write_id: z.string(),
    updated_at: instant,
  })
  .check(
    z.refine(({ number, ordered_at }) => (number === undefined) === (ordered_at === undefined), {
      path: ['number'],
      error: 'must be there together with ordered_at, and both be absent outside the alert series',
    }),
    z.refine(({ number, reason }) => (number !== undefined) === (reason === 'alert'), {
      path: ['number'],
      error: 'must be there where the reason is alert, and nowhere else',
    }),
  );

type StoredCommon = z.output<typeof storedCommon>;

/**
 * The row as the JSON document that both ledgers keep, in the spelling of everything else that people read. Throws
 * for one that could not be read again.
 */
export function windowToJson(row: WindowRow): string {
  const common = z.encode(storedCommon, commonToStored(row));
  const json = JSON.stringify({ ...common, ...z.encode(storedState, stateToStored(row)) });
  windowFromJson(json);
  return json;
}

/** Reads what `windowToJson` wrote; throws a `$ZodError` of zod for anything else. */
export function windowFromJson(json: string): WindowRow {
  const document = JSON.parse(json);
  const common = commonFromStored(z.decode(storedCommon, document));
  return { ...common, ...stateFromStored(z.decode(storedState, document)) };
}

function commonToStored(row: WindowRow): StoredCommon {
  const { alerts, order, isUnverified, orphans } = row;
  return {
    schema: 1,
    target_id: row.targetId,
    window: row.window,
    filters: row.filters,
    reason: row.reason,
    trigger: row.trigger,
    ...(alerts ? { alerts } : {}),
    ...(order ? { number: order.number, ordered_at: order.at } : {}),
    attempt: row.attempt,
    ...(isUnverified ? { unverified_clock: true } : {}),
    ...(orphans > 0 ? { orphans } : {}),
    version: row.version,
    write_id: row.writeId,
    updated_at: row.updatedAt,
  };
}

function commonFromStored({ schema: _, target_id, write_id, updated_at, alerts, ...stored }: StoredCommon) {
  const named = { targetId: target_id, writeId: write_id, updatedAt: updated_at };
  const { number, ordered_at, unverified_clock: isUnverified, orphans = 0, ...rest } = stored;
  return {
    ...named,
    ...rest,
    ...(alerts ? { alerts } : {}),
    ...(number !== undefined && ordered_at ? { order: { number, at: ordered_at } } : {}),
    ...(isUnverified ? { isUnverified } : {}),
    orphans,
  };
}
