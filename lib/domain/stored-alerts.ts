import * as z from 'zod/mini';
import type { AlertBook, AlertOrder, AlertRecord } from './alert-book.ts';
import { instant } from './instant.ts';
import { span } from './span.ts';
import { storedSchema } from './stored-schema.ts';
import { servedAlerts } from './task-submitted.ts';

const filters = z.record(z.string(), z.string());

const common = {
  schema: storedSchema,
  target_id: z.string(),
  version: z.int(),
  write_id: z.string(),
  updated_at: instant,
};

const storedOrder = z.object({
  window: span,
  filters,
  due_at: instant,
  put_off_until: instant,
  issued_at: z.optional(instant),
  alerts: servedAlerts,
});

const storedBook = z.object({
  ...common,
  orders: z.array(storedOrder),
  places: z.array(instant),
  alarm_at: z.optional(instant),
});

const storedAlert = z.object({
  ...common,
  alert_id: z.string(),
  source: z.string(),
  types: z.array(z.string()),
  asked: z.array(z.object({ window: span, filters })),
  tasks: z.array(z.string()),
});

/** The book as the JSON document that both ledgers keep. */
export function alertBookToJson(book: AlertBook): string {
  const document = {
    ...commonToStored(book),
    orders: book.orders.map(orderToStored),
    places: [...book.places],
    alarm_at: book.alarmAt,
  };
  return JSON.stringify(z.encode(storedBook, document));
}

/** Reads what `alertBookToJson` wrote; throws a `$ZodError` of zod for anything else. */
export function alertBookFromJson(json: string): AlertBook {
  const { orders, places, alarm_at, ...stored } = z.decode(storedBook, JSON.parse(json));
  return {
    ...commonFromStored(stored),
    orders: orders.map(orderFromStored),
    places,
    ...(alarm_at ? { alarmAt: alarm_at } : {}),
  };
}

/** The record of an alert as the JSON document that both ledgers keep. */
export function alertToJson(record: AlertRecord): string {
  const { alertId, source, types, asked, tasks } = record;
  const document = {
    ...commonToStored(record),
    ...{ alert_id: alertId, source, types: [...types], asked: [...asked], tasks: [...tasks] },
  };
  return JSON.stringify(z.encode(storedAlert, document));
}

/** Reads what `alertToJson` wrote; throws a `$ZodError` of zod for anything else. */
export function alertFromJson(json: string): AlertRecord {
  const { alert_id, source, types, asked, tasks, ...stored } = z.decode(storedAlert, JSON.parse(json));
  return { ...commonFromStored(stored), alertId: alert_id, source, types, asked, tasks };
}

type StoredOrder = z.output<typeof storedOrder>;

function orderToStored({ window, filters, dueAt, putOffUntil, issuedAt, alerts }: AlertOrder): StoredOrder {
  const times = { due_at: dueAt, put_off_until: putOffUntil, issued_at: issuedAt };
  return { window, filters, ...times, alerts };
}

function orderFromStored({ due_at, put_off_until, issued_at, ...stored }: StoredOrder): AlertOrder {
  const issued = issued_at ? { issuedAt: issued_at } : {};
  return { ...stored, dueAt: due_at, putOffUntil: put_off_until, ...issued };
}

type Common = Pick<AlertBook, 'targetId' | 'version' | 'writeId' | 'updatedAt'>;

function commonToStored({ targetId, version, writeId, updatedAt }: Common) {
  return { schema: 1, target_id: targetId, version, write_id: writeId, updated_at: updatedAt } as const;
}

type StoredCommon = { target_id: string; version: number; write_id: string; updated_at: Common['updatedAt'] };

function commonFromStored({ target_id, version, write_id, updated_at }: StoredCommon): Common {
  return { targetId: target_id, version, writeId: write_id, updatedAt: updated_at };
}
