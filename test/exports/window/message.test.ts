import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import type { Span } from '../../../lib/domain/time/spans.ts';
import { messageId, taskSubmittedMessage } from '../../../lib/exports/window/message.ts';
import { targetAt } from '../../support/huawei/start-huawei.ts';
import { numberedRow, windowRow } from '../../support/ledger/window-rows.ts';

const at = Temporal.Instant.from;
const window: Span = { start: at('2026-11-22T00:00:00Z'), end: at('2026-11-23T00:00:00Z') };

describe('the id of a message', () => {
  it('is the same for the same window, whatever else the record has', () => {
    const later = windowRow({ version: 7, writeId: 'write-7', updatedAt: at('2026-11-25T00:00:00Z') });
    expect(messageId(later)).toBe(messageId(windowRow()));
  });

  it('does not go by the order in which filters were written', () => {
    const one = windowRow({ filters: { user_name: 'a', vm_ip: 'b' } });
    const other = windowRow({ filters: { vm_ip: 'b', user_name: 'a' } });
    expect(messageId(other)).toBe(messageId(one));
  });

  it.each([
    ['target', { targetId: 'acme-test' }],
    ['start', { window: { ...window, start: at('2026-11-22T12:00:00Z') } }],
    ['end', { window: { ...window, end: at('2026-11-22T12:00:00Z') } }],
    ['filter', { filters: { user_name: 'someone' } }],
    ['reason', { reason: 'backfill' as const }],
    ['attempt', { attempt: 2 }],
  ])('is another for another %s', (_, difference) => {
    expect(messageId(windowRow(difference))).not.toBe(messageId(windowRow()));
  });

  it('goes by no time', () => {
    const ids = ['2026-11-23T00:35:00Z', '2026-11-23T00:45:00Z'].map((scheduled_time) =>
      messageId(windowRow({ trigger: { kind: 'schedule', scheduled_time } })),
    );
    expect(new Set(ids).size).toBe(1);
  });

  it('goes by the number of an export for alerts, and not by its times', () => {
    const idOf = (number: number, seconds: number) => {
      const alertExport = { number, orderedAt: at('2026-11-23T00:35:00Z').add({ seconds }) };
      const scheduled_time = alertExport.orderedAt.toString();
      return messageId(numberedRow(number, { alertExport, trigger: { kind: 'alert', scheduled_time } }));
    };
    expect(idOf(17, 9)).toBe(idOf(17, 0));
    expect(idOf(18, 0)).not.toBe(idOf(17, 0));
  });
});

it('a message says what was asked of whom, with the literals and the project of the call', () => {
  const target = targetAt('http://127.0.0.1:9', { id: 'acme-prod' });
  const row = windowRow({ filters: { user_name: 'someone' } });
  const task = {
    taskId: 'task-1',
    acceptedAt: at('2026-11-23T00:35:02Z'),
    projectId: 'project-learnt-from-the-token',
    tasksEndpoint: 'http://127.0.0.1:10',
    sent: { loginStartTime: '2026-11-21 23:55:00', loginEndTime: '2026-11-23 00:00:00' },
    callMilliseconds: 12,
  };
  expect(taskSubmittedMessage(target, row, task).data).toMatchObject({
    task_id: 'task-1',
    target: { id: 'acme-prod', region: 'ap-southeast-3', project_id: 'project-learnt-from-the-token' },
    request: {
      login_start_time: '2026-11-21 23:55:00',
      login_end_time: '2026-11-23 00:00:00',
      filters: { user_name: 'someone' },
    },
    trigger: row.trigger,
    tasks_endpoint: 'http://127.0.0.1:10',
  });
});
