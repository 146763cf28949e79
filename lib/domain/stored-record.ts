import * as z from 'zod/mini';
import { instant } from './instant.ts';
import { span } from './span.ts';
import { reason, taskSubmitted, trigger } from './task-submitted.ts';
import type { Failure, WindowRecord } from './window-record.ts';

const failure = z.object({
  kind: z.string(),
  message: z.string(),
  at: instant,
  vendor_code: z.optional(z.string()),
  request_id: z.optional(z.string()),
});

const common = {
  /** The shape of this document; readers of later releases go by it. */
  schema: z.literal(1),
  target_id: z.string(),
  window: span,
  filters: z.record(z.string(), z.string()),
  reason,
  trigger,
  attempt: z.int(),
  version: z.int(),
  write_id: z.string(),
  updated_at: instant,
};

const storedRecord = z.discriminatedUnion('state', [
  z.object({ ...common, state: z.literal('claimed'), lease_until: instant }),
  z.object({
    ...common,
    state: z.literal('submitted'),
    lease_until: instant,
    message: taskSubmitted,
    failure: z.optional(failure),
  }),
  z.object({ ...common, state: z.literal('announced'), message: taskSubmitted, announced_at: instant }),
  z.object({ ...common, state: z.literal('failed'), failure }),
]);

type StoredRecord = z.output<typeof storedRecord>;

/** The record as the JSON document that both ledgers keep, in the spelling of everything else that people read. */
export function recordToJson(record: WindowRecord): string {
  return JSON.stringify(z.encode(storedRecord, toStored(record)));
}

/** Reads what `recordToJson` wrote; throws a `$ZodError` of zod for anything else. */
export function recordFromJson(json: string): WindowRecord {
  return fromStored(z.decode(storedRecord, JSON.parse(json)));
}

function toStored(record: WindowRecord): StoredRecord {
  const { targetId, writeId, updatedAt, window, filters, reason, trigger, attempt, version } = record;
  const shared = { window, filters, reason, trigger, attempt, version };
  const named = {
    schema: 1,
    target_id: targetId,
    write_id: writeId,
    updated_at: updatedAt,
    ...shared,
  } as const;
  switch (record.state) {
    case 'claimed':
      return { ...named, state: 'claimed', lease_until: record.leaseUntil };
    case 'submitted':
      return { ...named, ...submittedToStored(record) };
    case 'announced':
      return { ...named, state: 'announced', message: record.message, announced_at: record.announcedAt };
    case 'failed':
      return { ...named, state: 'failed', failure: failureToStored(record.failure) };
  }
}

function submittedToStored({ message, leaseUntil, failure }: Extract<WindowRecord, { state: 'submitted' }>) {
  const kept = failure === undefined ? {} : { failure: failureToStored(failure) };
  return { state: 'submitted' as const, message, lease_until: leaseUntil, ...kept };
}

function failureToStored({ vendorCode, requestId, ...rest }: Failure): z.output<typeof failure> {
  return { ...rest, vendor_code: vendorCode, request_id: requestId };
}

function fromStored(stored: StoredRecord): WindowRecord {
  const {
    schema: _,
    target_id,
    write_id,
    updated_at,
    window,
    filters,
    reason,
    trigger,
    attempt,
    version,
  } = stored;
  const shared = { window, filters, reason, trigger, attempt, version };
  const named = { targetId: target_id, writeId: write_id, updatedAt: updated_at, ...shared };
  switch (stored.state) {
    case 'claimed':
      return { ...named, state: 'claimed', leaseUntil: stored.lease_until };
    case 'submitted':
      return { ...named, ...submittedFromStored(stored) };
    case 'announced':
      return { ...named, state: 'announced', message: stored.message, announcedAt: stored.announced_at };
    case 'failed':
      return { ...named, state: 'failed', failure: failureFromStored(stored.failure) };
  }
}

function submittedFromStored({
  message,
  lease_until,
  failure,
}: Extract<StoredRecord, { state: 'submitted' }>) {
  const kept = failure === undefined ? {} : { failure: failureFromStored(failure) };
  return { state: 'submitted' as const, message, leaseUntil: lease_until, ...kept };
}

function failureFromStored({ vendor_code, request_id, ...rest }: z.output<typeof failure>): Failure {
  return { ...rest, vendorCode: vendor_code, requestId: request_id };
}
