import { Temporal } from 'temporal-polyfill';
import type { AlertRequest } from '../../../lib/domain/ledger/request-row.ts';

const at = Temporal.Instant.from;

/** What an alert of GuardDuty has besides its id, its times and the values that it names. */
export const FROM_GUARDDUTY = {
  source: 'aws.guardduty',
  types: ['UnauthorizedAccess:IAMUser/MaliciousIPCaller'],
  severity: 'high',
  account: '111122223333',
  region: 'eu-central-1',
} as const;

/** What a finding of ten o'clock asks of the target `acme-prod`, as a first write and open; unless told otherwise. */
export function alertRequest(differing: Partial<AlertRequest> = {}): AlertRequest {
  return {
    targetId: 'acme-prod',
    alertId: 'arn:aws:guardduty:eu-central-1:111122223333:detector/d/finding/f',
    source: 'aws.guardduty',
    types: ['UnauthorizedAccess:IAMUser/MaliciousIPCaller'],
    window: { start: at('2026-11-22T08:00:00Z'), end: at('2026-11-22T11:00:00.000000001Z') },
    seenUntil: at('2026-11-22T10:00:00Z'),
    filters: { public_ip: '198.51.100.7' },
    arrivedAt: at('2026-11-22T10:05:00.25Z'),
    state: 'open',
    lost: [],
    tasks: [],
    version: 1,
    writeId: 'write-1',
    updatedAt: at('2026-11-22T10:05:00.5Z'),
    ...differing,
  };
}

const [served, lost] = [
  { start: at('2026-11-22T08:00:00Z'), end: at('2026-11-22T09:00:00Z') },
  { start: at('2026-11-22T08:00:00Z'), end: at('2026-11-22T11:00:00.000000001Z') },
];

/** Every state that a request can be in, each with and without what it may lack. */
export const REQUEST_STATES: Record<string, Partial<AlertRequest>> = {
  open: {},
  'open, and partly lost': { lost: [served], tasks: ['task-1'] },
  'open, and told as exhausted': { exhausted: { attempts: 3, spans: [served] } },
  'open, with all texts that there are': { alertId: "O'Hara 李/“x”", types: [], filters: {} },
  served: { state: 'served', tasks: ['task-1', 'task-2'] },
  'served, and its loss shown': { state: 'served', lost: [served], shownUntil: at('2026-11-29T10:05:00Z') },
  lost: { state: 'lost', lost: [lost], exhausted: { attempts: 3, spans: [lost] } },
};
