import { describe, expect, it } from 'vitest';
import { InputError } from '../../../../lib/domain/errors.ts';
import { readAlertEvent } from '../../../../lib/exports/alerts/events/event.ts';
import { ARRIVED_AT, alertsOf, alertWith, changed, shown } from '../../../support/alerts/sample-events.ts';

const whole = 'login-export-requested';
const minimal = 'login-export-requested-minimal';

const requested = (detail: Record<string, unknown>) =>
  alertWith(minimal, 'detail', { reference: 'SOC-1', ...detail });

describe('a request for an export', () => {
  it('is an alert that says outright what to export', () => {
    const [alert] = shown(whole);
    const { requested, ...around } = alert ?? {};
    expect(around).toEqual({
      id: 'SOC-2026-1187',
      source: 'com.example.soc',
      types: ['Login Export Requested'],
      severity: 'critical',
      account: '111122223333',
      region: 'eu-central-1',
      firstSeen: '2026-11-22T06:00:00Z',
      lastSeen: '2026-11-22T15:30:00Z',
      named: {},
    });
    expect({ ...requested, from: String(requested?.from), to: String(requested?.to) }).toEqual({
      targetIds: ['acme-prod'],
      from: '2026-11-22T06:00:00Z',
      to: '2026-11-22T15:30:00Z',
      filters: { user_name: 'li.wei' },
    });
  });

  it('may be nothing but a reference: then it is about the time it was sent', () => {
    expect(shown(minimal)).toMatchObject([
      {
        id: 'SOC-2026-1188',
        firstSeen: '2026-11-22T16:05:00Z',
        lastSeen: '2026-11-22T16:05:00Z',
        requested: {},
      },
    ]);
    expect(Object.keys(shown(minimal)[0]?.requested ?? { none: true })).toEqual([]);
  });

  it('may come from anybody', () => {
    expect(alertWith(minimal, 'source', 'splunk').source).toBe('splunk');
  });

  it.each([
    [{ from: '2026-11-22T12:00:00Z' }, '2026-11-22T12:00:00Z', '2026-11-22T16:05:00Z'],
    [{ from: '2026-11-22T18:00:00Z' }, '2026-11-22T18:00:00Z', '2026-11-22T18:00:00Z'],
    [{ to: '2026-11-22T18:00:00Z' }, '2026-11-22T16:05:00Z', '2026-11-22T18:00:00Z'],
    [{ to: '2026-11-22T12:00:00Z' }, '2026-11-22T12:00:00Z', '2026-11-22T12:00:00Z'],
    [
      { from: '2026-11-22T12:00:00+08:00', to: '2026-11-22T06:00:00Z' },
      '2026-11-22T04:00:00Z',
      '2026-11-22T06:00:00Z',
    ],
  ])('for %j was seen from %s to %s', (detail, firstSeen, lastSeen) => {
    expect(requested(detail)).toMatchObject({ firstSeen, lastSeen });
  });

  it('keeps targets in their places, and asks for no narrowing when it says so', () => {
    expect(requested({ target_ids: ['a', 'b', 'a'], filters: {} }).requested).toEqual({
      targetIds: ['a', 'b', 'a'],
      filters: {},
    });
  });

  it('may have more around it', () => {
    const event = changed(minimal, 'replay-name', 'again');
    expect(alertsOf(event)).toEqual(shown(minimal));
  });

  it.each([
    [{ reference: undefined }, 'detail.reference: is missing (must be text)'],
    [{ reference: '  ' }, 'detail.reference: must not be empty'],
    [{ reference: 'x'.repeat(513) }, 'detail.reference: must have at most 512 characters'],
    [{ target_ids: [] }, 'detail.target_ids: must list at least one target'],
    [{ target_ids: 'acme-prod' }, 'detail.target_ids: must be a list'],
    [{ target_ids: [''] }, 'detail.target_ids[0]: must not be empty'],
    [{ target_ids: null }, 'detail.target_ids: must be a list'],
    [{ from: '2026-11-22' }, 'detail.from: must be a time such as'],
    [{ to: 1795346020918 }, 'detail.to: must be text'],
    [{ from: '2026-11-22T12:00:00Z', to: '2026-11-22T12:00:00Z' }, 'detail.to: must be after from'],
    [{ from: '2026-11-22T12:00:00Z', to: '2026-11-22T11:00:00Z' }, 'detail.to: must be after from'],
    [
      { filters: { user_nam: 'li.wei' } },
      'detail.filters.user_nam: is not known here; did you mean "user_name"?',
    ],
    [{ filters: { user_name: '' } }, 'detail.filters.user_name: must not be empty'],
    [{ filters: { public_ip: 'x'.repeat(51) } }, 'detail.filters.public_ip: must have at most 50 characters'],
    [{ filters: ['li.wei'] }, 'detail.filters: must be an object'],
    [{ target_id: 'acme-prod' }, 'detail.target_id: is not known here; did you mean "target_ids"?'],
    [{ filter: { user_name: 'li.wei' } }, 'detail.filter: is not known here; did you mean "filters"?'],
    [{ user_name: 'li.wei' }, 'detail.user_name: is not known here'],
    [
      { start: '2026-11-22T12:00:00Z' },
      'detail.start: is not known here; known are reference, target_ids, from',
    ],
    [{ 'odd key': 1 }, 'detail["odd key"]: is not known here'],
    [{ target_ids: ['x'.repeat(64)] }, 'detail.target_ids[0]: must have at most 63 characters'],
    [{ target_ids: Array(1_001).fill('a') }, 'detail.target_ids: must list at most 1000 targets'],
    [{ from: '0001-01-01T00:00:00Z' }, 'detail.from: must be in 2000 or later'],
    [{ from: '1970-01-01T00:00:00Z' }, 'detail.from: must be in 2000 or later'],
    [{ to: '1999-12-31T23:59:59Z' }, 'detail.to: must be in 2000 or later'],
    [{ from: '2026-11-22T20:00:01Z' }, 'detail.from: must not be in the future (it is 2026-11-22T20:00:00Z)'],
    [{ from: '9999-12-31T23:59:59Z' }, 'detail.from: must not be in the future'],
    [
      { to: '2026-12-23T20:00:01Z' },
      'detail.to: must be at most 31 days ahead: 2026-12-23T20:00:00Z or before',
    ],
    [{ to: '9999-12-31T23:59:59Z' }, 'detail.to: must be at most 31 days ahead'],
  ])('is refused rather than widened or misread: %j', (detail, message) => {
    const event = changed(minimal, 'detail', { reference: 'SOC-1', ...detail });
    const read = () => readAlertEvent(event, { arrivedAt: ARRIVED_AT });
    expect(read).toThrow(InputError);
    expect(read).toThrow(message);
  });

  it('may begin when it comes, and end 31 days after', () => {
    const [from, to] = ['2026-11-22T20:00:00Z', '2026-12-23T20:00:00Z'];
    expect(requested({ from, to })).toMatchObject({ firstSeen: from, lastSeen: to });
    expect(requested({ from: '2000-01-01T00:00:00Z' })).toMatchObject({ firstSeen: '2000-01-01T00:00:00Z' });
  });

  it('that was sent after it came, by a clock here that is behind, is about when it was sent', () => {
    const sent = changed(minimal, 'time', '2026-11-22T23:00:00Z');
    const time = '2026-11-22T23:00:00Z';
    expect(alertsOf(sent)).toMatchObject([{ firstSeen: time, lastSeen: time }]);
  });

  it.each(['0001-01-01T00:00:00Z', '1970-01-01T00:00:00Z', '9999-12-31T23:59:59Z'])(
    'that was sent at %s is refused, because nobody knows what it is about',
    (time) => {
      expect(() => alertsOf(changed(minimal, 'time', time))).toThrow('detail: does not say when it was seen');
    },
  );

  it('keeps nothing that steers a terminal', () => {
    expect(requested({ reference: 'SOC\u001b[2J\u0007' }).id).toBe('SOC\\u001b[2J\\u0007');
    expect(alertWith(minimal, 'source', 'my\u202etool').source).toBe('my\\u202etool');
  });
});
