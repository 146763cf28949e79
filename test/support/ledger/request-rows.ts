import { Temporal } from 'temporal-polyfill';
import type { AlertRequest } from '../../../lib/domain/ledger/request-row.ts';

const at = Temporal.Instant.from;

/** The fields of an alert of GuardDuty, except its id, its times and its named values. */
export const FROM_GUARDDUTY = {
  source: 'aws.guardduty',
  types: ['UnauthorizedAccess:IAMUser/MaliciousIPCaller'],
  severity: 'high',
  account: '111122223333',
  region: 'eu-central-1',
} as const;

/** The open request of a finding of ten o'clock for the target `acme-prod`, as at its first write, with changes. */
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

/** Every state of a request, each with and without its optional fields. */
export const REQUEST_STATES: Record<string, Partial<AlertRequest>> = {
  open: {},
  'open, and partly lost': { lost: [served], tasks: ['task-1'] },
  'open, and reported as exhausted': { exhausted: { attempts: 3, spans: [served] } },
  'open, with all texts that there are': { alertId: "O'Hara 李/“x”", types: [], filters: {} },
  served: { state: 'served', tasks: ['task-1', 'task-2'] },
  'served, and its loss shown': { state: 'served', lost: [served], shownUntil: at('2026-11-29T10:05:00Z') },
  lost: { state: 'lost', lost: [lost], exhausted: { attempts: 3, spans: [lost] } },
};
