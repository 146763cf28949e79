import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../lib/domain/errors.ts';
import { readScheduledEvent } from '../../../lib/exports/run/event.ts';

const at = Temporal.Instant.from;
const ARN = 'arn:aws:scheduler:eu-central-1:111122223333:schedule/exports/acme-prod';

describe('an event of the scheduled export', () => {
  it('from EventBridge Scheduler names a target and the scheduled time', () => {
    const event = {
      target_id: 'acme-prod',
      scheduled_time: '2026-11-23T00:35:00Z',
      schedule_arn: ARN,
      attempt: '2',
    };
    const input = readScheduledEvent(event);
    expect(input).toMatchObject({ targetId: 'acme-prod', sweep: false });
    expect(input.scheduledTime.toString()).toBe('2026-11-23T00:35:00Z');
    expect(input.trigger).toEqual({
      kind: 'schedule',
      schedule_arn: ARN,
    });
  });

  it('from a classic EventBridge rule means all targets', () => {
    const input = readScheduledEvent({
      version: '0',
      id: '53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa',
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      account: '111122223333',
      time: '2026-11-23T00:35:00Z',
      region: 'eu-central-1',
      resources: ['arn:aws:events:eu-central-1:111122223333:rule/nightly'],
      detail: {},
    });
    expect(input).not.toHaveProperty('targetId');
    expect(input.sweep).toBe(false);
    expect(input.scheduledTime).toEqual(at('2026-11-23T00:35:00Z'));
    expect(input.trigger).toEqual({
      kind: 'schedule',
      schedule_arn: 'arn:aws:events:eu-central-1:111122223333:rule/nightly',
    });
  });

  it('from the sweep means the latest firings of all targets', () => {
    const input = readScheduledEvent({
      sweep: true,
      scheduled_time: '2026-11-23T01:00:00Z',
      schedule_arn: ARN,
    });
    expect(input).not.toHaveProperty('targetId');
    expect(input).toEqual({
      sweep: true,
      scheduledTime: at('2026-11-23T01:00:00Z'),
      trigger: { kind: 'schedule', schedule_arn: ARN },
    });
  });

  it.each([
    [{ sweep: false, scheduled_time: '2026-11-23T01:00:00Z', schedule_arn: ARN }, 'sweep: must be true'],
    [{ sweep: true, scheduled_time: 'soon', schedule_arn: ARN }, 'scheduled_time'],
    [{}, 'target_id'],
    [null, '(the whole document)'],
    ['nightly', '(the whole document)'],
    [
      { target_id: 'a', scheduled_time: '<aws.scheduler.scheduled-time>', schedule_arn: ARN },
      'scheduled_time',
    ],
    [{ target_id: 'a', scheduled_time: '2026-11-23', schedule_arn: ARN }, 'scheduled_time'],
    [{ 'detail-type': 'Scheduled Event', time: 'noon' }, 'time'],
    [{ Records: [{ body: '{}' }] }, 'target_id'],
  ])('is not %j, and the error says what was expected', (event, path) => {
    const read = () => readScheduledEvent(event);
    expect(read).toThrow(InputError);
    expect(read).toThrow(path);
    expect(read).toThrow(
      'expected {"target_id", "scheduled_time", "schedule_arn"} or {"sweep": true, "scheduled_time", "schedule_arn"}',
    );
  });
});
