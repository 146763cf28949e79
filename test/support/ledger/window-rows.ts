import { Temporal } from 'temporal-polyfill';
import { TASK_SUBMITTED_TYPE, type TaskSubmitted } from '../../../lib/domain/exports/message.ts';
import type { Filters } from '../../../lib/domain/input/filters.ts';
import {
  type Failure,
  filtersDigest,
  type WindowKey,
  type WindowRow,
  type WindowState,
} from '../../../lib/domain/ledger/window-row.ts';

const at = Temporal.Instant.from;

type Shared = Omit<Extract<WindowRow, { state: 'claimed' }>, 'state' | 'leaseUntil'>;

/** The key of one day of the target `acme-prod`, without filters, with changes. */
export function windowKey({
  filters = {},
  ...differing
}: Partial<WindowKey> & { filters?: Filters } = {}): WindowKey {
  const window = { start: at('2026-11-22T00:00:00Z'), end: at('2026-11-23T00:00:00Z') };
  const named = { targetId: 'acme-prod', window, filtersDigest: filtersDigest(filters) };
  return { ...named, series: 'calendar', ...differing };
}

/** A claim of that window, as at its first write, with changes. */
export function windowRow(
  differing: Partial<Shared> = {},
  state: WindowState = { state: 'claimed', leaseUntil: at('2026-11-23T00:40:00.123456789Z') },
): WindowRow {
  const { targetId, window } = windowKey();
  const trigger = { kind: 'schedule', scheduled_time: '2026-11-23T00:35:00Z' } as const;
  const shared = {
    targetId,
    window,
    filters: {},
    reason: 'routine',
    trigger,
    attempt: 1,
    orphans: 0,
  } as const;
  const write = { version: 1, writeId: 'write-1', updatedAt: at('2026-11-23T00:35:01.5Z') };
  return { ...shared, ...write, ...differing, ...state };
}

/** An export for alerts of that window, the n-th of the target, submitted at half past midnight, with changes. */
export function numberedRow(number: number, differing: Partial<Shared> = {}, state?: WindowState): WindowRow {
  const alertExport = { number, orderedAt: at('2026-11-23T00:30:00.000000001Z') };
  const trigger = { kind: 'alert', scheduled_time: '2026-11-23T00:30:00Z' } as const;
  const alerts = { ids: ['finding-1'], more: false, coalesced: false };
  return windowRow({ reason: 'alert', trigger, alerts, alertExport, ...differing }, state);
}

/** A failure with all optional fields. */
export const FULL_FAILURE: Failure = {
  kind: 'unavailable',
  message: 'Huawei answered 503 to "POST /export": “später”\n',
  at: at('2026-11-23T00:36:00.001Z'),
  vendorCode: 'WKS.00000001',
  requestId: 'c0ffee00c0ffee00c0ffee00c0ffee00',
};

/** The message of one export task. */
export function taskMessage(taskId = 'task-1'): TaskSubmitted {
  return {
    specversion: '1.0',
    type: TASK_SUBMITTED_TYPE,
    source: 'workspace-login-export/acme-prod',
    id: `id-of-${taskId}`,
    time: '2026-11-23T00:35:02Z',
    subject: '2026-11-22T00:00:00Z/2026-11-23T00:00:00Z',
    datacontenttype: 'application/json',
    data: {
      task_id: taskId,
      target: { id: 'acme-prod', region: 'ap-southeast-3', project_id: '2b31ed520000000000000000000000aa' },
      window: { start: '2026-11-22T00:00:00Z', end: '2026-11-23T00:00:00Z' },
      request: {
        login_start_time: '2026-11-22T00:00:00Z',
        login_end_time: '2026-11-23T00:00:00Z',
        filters: { user_name: 'Zoë "z" 李' },
      },
      reason: 'catch-up',
      trigger: {
        kind: 'schedule',
        scheduled_time: '2026-11-23T00:35:00Z',
        schedule_arn: 'arn:aws:scheduler:x',
      },
      attempt: 2,
      retention_deadline: '2026-12-22T00:00:00Z',
      tasks_endpoint: 'https://workspace.ap-southeast-3.myhuaweicloud.com',
    },
  };
}

const leaseUntil = at('2026-11-23T00:40:00Z');
const publishedAt = at('2026-11-23T00:35:03Z');
const message = taskMessage();

/** Every state of a window, each with and without its optional fields. */
export const WINDOW_STATES: Record<string, WindowState> = {
  claimed: { state: 'claimed', leaseUntil: at('2026-11-23T00:40:00.123456789Z') },
  submitted: { state: 'submitted', leaseUntil, message },
  'submitted, once failed': { state: 'submitted', leaseUntil, message, failure: FULL_FAILURE },
  published: { state: 'published', message, publishedAt },
  'published, and reported as never confirmed': {
    state: 'published',
    message,
    publishedAt,
    failure: { kind: 'never_confirmed', message: 'no answer of the list', at: at('2026-12-23T00:35:00Z') },
  },
  confirmed: { state: 'confirmed', message, publishedAt, confirmedAt: at('2026-11-23T01:05:00.25Z') },
  failed: { state: 'failed', failure: FULL_FAILURE },
  'failed without a word from Huawei': {
    state: 'failed',
    failure: { kind: 'infrastructure', message: 'the queue is gone', at: at('2026-11-23T00:36:00Z') },
  },
  lost: { state: 'lost', lostAt: at('2026-12-22T00:00:00.000000001Z') },
  'lost, once failed': { state: 'lost', lostAt: at('2026-12-22T00:00:00Z'), failure: FULL_FAILURE },
};
