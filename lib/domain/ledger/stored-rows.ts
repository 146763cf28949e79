import * as z from 'zod/mini';
import { reason, servedAlerts, taskSubmitted, trigger } from '../exports/message.ts';
import { instant } from '../time/instant.ts';
import { span } from '../time/spans.ts';
import { camelCased, rowCodec } from './codec.ts';
import { MOST_TASK_IDS } from './request-row.ts';
import { HIGHEST_NUMBER, type WindowRow } from './window-row.ts';

const identity = { target_id: z.string() };
const written = { version: z.int(), write_id: z.string(), updated_at: instant };

/** The row of a target as JSON. */
export const targetCodec = rowCodec(
  camelCased(
    z.object({
      ...identity,
      region: z.string(),
      project_id: z.exactOptional(z.string()),
      loopback: z.boolean(),
      covered_from: z.exactOptional(instant),
      unverified_at: z.exactOptional(instant),
      covered_until: z.exactOptional(instant),
      lookback_from: z.exactOptional(instant),
      open_backfills: z.exactOptional(z.array(span)),
      unreported_from: z.exactOptional(instant),
      list_down_since: z.exactOptional(instant),
      lost_until: z.exactOptional(instant),
      clock_offset_seconds: z.exactOptional(z.int()),
      last_firing: z.exactOptional(instant),
      ...written,
    }),
    { loopback: 'isLoopback' },
  ),
);

/** The row of a request as JSON. */
export const requestCodec = rowCodec(
  camelCased(
    z.object({
      ...identity,
      alert_id: z.string(),
      source: z.string(),
      types: z.readonly(z.array(z.string())),
      window: span,
      seen_until: instant,
      filters: z.record(z.string(), z.string()),
      arrived_at: instant,
      state: z.enum(['open', 'served', 'lost']),
      lost: z.readonly(z.array(span)),
      tasks: z.readonly(
        z.array(z.string()).check(z.maxLength(MOST_TASK_IDS, `must have at most ${MOST_TASK_IDS} entries`)),
      ),
      exhausted: z.exactOptional(z.object({ attempts: z.int(), spans: z.readonly(z.array(span)) })),
      shown_until: z.exactOptional(instant),
      ...written,
    }),
  ),
);

const NUMBER_EXPECTED = `must be a number from 1 to ${HIGHEST_NUMBER}`;

const ofWindow = {
  ...identity,
  window: span,
  filters: z.record(z.string(), z.string()),
  reason,
  trigger,
  /** Absent outside the alert series. */
  alerts: z.exactOptional(servedAlerts),
  /** With `ordered_at`, of an export for alerts. */
  number: z.optional(
    z.int().check(z.minimum(1, NUMBER_EXPECTED), z.maximum(HIGHEST_NUMBER, NUMBER_EXPECTED)),
  ),
  ordered_at: z.optional(instant),
  attempt: z.int(),
  /** Absent where it is false. */
  unverified_clock: z.exactOptional(z.boolean()),
  /** Absent while there are none. */
  orphans: z.optional(z.int()),
  ...written,
};

const failure = camelCased(
  z.object({
    kind: z.string(),
    message: z.string(),
    at: instant,
    vendor_code: z.optional(z.string()),
    request_id: z.optional(z.string()),
  }),
);

const mayHaveFailed = { failure: z.optional(failure) };
const published = { message: taskSubmitted, published_at: instant };

const storedWindow = z
  .discriminatedUnion('state', [
    z.object({ ...ofWindow, state: z.literal('claimed'), lease_until: instant }),
    z.object({
      ...ofWindow,
      state: z.literal('submitted'),
      lease_until: instant,
      message: taskSubmitted,
      ...mayHaveFailed,
    }),
    z.object({ ...ofWindow, state: z.literal('published'), ...published, ...mayHaveFailed }),
    z.object({ ...ofWindow, state: z.literal('confirmed'), ...published, confirmed_at: instant }),
    z.object({ ...ofWindow, state: z.literal('failed'), failure }),
    z.object({ ...ofWindow, state: z.literal('lost'), lost_at: instant, ...mayHaveFailed }),
  ])
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

const plainWindowCodec = rowCodec(camelCased(storedWindow, { unverified_clock: 'isUnverified' }));

/** The row of a window as JSON. */
export const windowCodec = {
  toJson({ alertExport, isUnverified, orphans, ...row }: WindowRow): string {
    return plainWindowCodec.toJson({
      ...row,
      number: alertExport?.number,
      orderedAt: alertExport?.orderedAt,
      ...(isUnverified ? { isUnverified } : {}),
      orphans: orphans || undefined,
    });
  },
  fromJson(json: string): WindowRow {
    const { number, orderedAt, orphans = 0, ...row } = plainWindowCodec.fromJson(json);
    const isNumbered = number !== undefined && orderedAt !== undefined;
    return { ...row, ...(isNumbered ? { alertExport: { number, orderedAt } } : {}), orphans };
  },
};
