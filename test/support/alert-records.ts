import { Temporal } from 'temporal-polyfill';
import type { AlertBook, AlertOrder, AlertRecord } from '../../lib/domain/alert-book.ts';

const at = Temporal.Instant.from;

const WRITE = {
  targetId: 'acme-prod',
  version: 1,
  writeId: 'write-1',
  updatedAt: at('2026-11-22T10:05:00.5Z'),
};

/** Two hours before an alert of 10:00 until it came, for one address, issued; unless told otherwise. */
export function alertOrder(differing: Partial<AlertOrder> = {}): AlertOrder {
  return {
    window: { start: at('2026-11-22T08:00:00Z'), end: at('2026-11-22T10:05:00.25Z') },
    filters: { public_ip: '198.51.100.7' },
    dueAt: at('2026-11-22T10:05:00.25Z'),
    putOffUntil: at('2026-11-22T10:20:00.25Z'),
    issuedAt: at('2026-11-22T10:05:00.25Z'),
    alerts: { ids: ['finding-1'], more: false },
    ...differing,
  };
}

/** That order, and one that is still to come, as a first write; unless told otherwise. */
export function alertBook(differing: Partial<AlertBook> = {}): AlertBook {
  const { issuedAt: _, ...toCome } = alertOrder({
    filters: {},
    alerts: { ids: ["O'Hara 李", 'b'], more: true },
  });
  return {
    ...WRITE,
    orders: [alertOrder(), toCome],
    places: [at('2026-11-22T10:05:00.25Z')],
    alarmAt: at('2026-11-22T11:00:00Z'),
    ...differing,
  };
}

/** What came of an alert, as a first write; unless told otherwise. */
export function alertRecord(differing: Partial<AlertRecord> = {}): AlertRecord {
  const { window, filters } = alertOrder();
  return {
    ...WRITE,
    alertId: 'arn:aws:guardduty:eu-central-1:111122223333:detector/d/finding/f',
    source: 'aws.guardduty',
    types: ['UnauthorizedAccess:IAMUser/MaliciousIPCaller'],
    asked: [{ window, filters }],
    tasks: ['task-1'],
    ...differing,
  };
}
