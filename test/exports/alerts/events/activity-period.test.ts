import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { alertsOf, changed } from '../../../support/alerts/sample-events.ts';

const CAME = Temporal.Instant.from('2026-11-22T12:00:00Z');
const SENT = '2026-11-22T10:20:04Z';
const AN_HOUR_AHEAD = '2026-11-22T13:00:00Z';
const [CREATED, UPDATED] = ['2026-11-22T09:48:36.114Z', '2026-11-22T10:18:36.114Z'];
const [FIRST, LAST] = ['2026-11-22T09:41:12Z', '2026-11-22T10:04:55Z'];

const places = {
  first: 'detail.service.eventFirstSeen',
  created: 'detail.createdAt',
  last: 'detail.service.eventLastSeen',
  updated: 'detail.updatedAt',
  sent: 'time',
};

type Times = Partial<Record<keyof typeof places, string>>;

/** `<first sight>/<last sight>` of the GuardDuty finding with these times. */
function seen(times: Times, came = CAME): string[] {
  const event = Object.entries(places).reduce<unknown>(
    (all, [name, path]) => {
      const time = times[name as keyof Times];
      return time === undefined ? all : changed(all, path, time);
    },
    changed('guardduty-iam-user', 'version', '0'),
  );
  return alertsOf(event, came).map(({ firstSeen, lastSeen }) => `${firstSeen}/${lastSeen}`);
}

const NONE = [
  ...['0001-01-01T00:00:00Z', '0001-01-01T00:00:00+08:00', '0000-00-00T00:00:00Z', '1970-01-01T00:00:00Z'],
  ...['1999-12-31T23:59:59Z', '2027-11-23T12:00:01Z', '9999-12-31T23:59:59Z', '9999-12-31T23:59:59-0800'],
];

describe('a time of a finding', () => {
  it.each(NONE)('that is %s counts as not given: the next less exact one is taken', (time) => {
    expect(seen({ first: time })).toEqual([`${CREATED}/${LAST}`]);
    expect(seen({ last: time })).toEqual([`${FIRST}/${UPDATED}`]);
    expect(seen({ first: time, created: time })).toEqual([`${LAST}/${LAST}`]);
    expect(seen({ last: time, updated: time })).toEqual([`${FIRST}/${FIRST}`]);
    const nothing = { first: time, created: time, last: time, updated: time };
    expect(seen(nothing)).toEqual([`${SENT}/${SENT}`]);
  });

  it.each([
    [{ last: '2026-11-22T12:00:01Z' }, `${FIRST}/${SENT}`],
    [{ last: '2026-11-22T12:00:00Z' }, `${FIRST}/${CAME}`],
    [{ last: '2027-11-23T12:00:00Z' }, `${FIRST}/${SENT}`],
    [{ first: '2026-11-23T00:00:00Z', last: '2026-11-24T00:00:00Z' }, `${SENT}/${SENT}`],
    [{ first: '2026-11-23T00:00:00Z' }, `${LAST}/${SENT}`],
    [{ last: '2026-11-22T13:00:00Z', sent: '2026-11-21T12:00:00Z' }, `${FIRST}/${CAME}`],
    [{ first: '2000-01-01T00:00:00Z' }, `2000-01-01T00:00:00Z/${LAST}`],
  ])(
    'of what had not happened when it came is the time at which it was sent, or came: %j',
    (times, expected) => {
      expect(seen(times)).toEqual([expected]);
    },
  );

  it('is that of the event, also where the clock here is behind it, as far as that can be', () => {
    const [time] = NONE;
    const nothing = { first: time, created: time, last: time, updated: time } as Times;
    expect(seen({ ...nothing, sent: '2026-11-22T13:00:00Z' })).toEqual([`${AN_HOUR_AHEAD}/${AN_HOUR_AHEAD}`]);
    expect(seen({ last: AN_HOUR_AHEAD, sent: AN_HOUR_AHEAD })).toEqual([`${FIRST}/${AN_HOUR_AHEAD}`]);
  });

  it('of one finding that says none, in an event that says none, stops only that one', () => {
    const never = '9999-12-31T23:59:59Z';
    const timeless = ['FirstObservedAt', 'LastObservedAt', 'CreatedAt', 'UpdatedAt'].reduce<unknown>(
      (event, name) => changed(event, `detail.findings.1.${name}`, never),
      changed('securityhub-asff', 'time', '1970-01-01T00:00:00Z'),
    );
    const ids = alertsOf(timeless).map(({ id }) => id.slice(-32));
    expect(ids).toEqual(['16afba5c5c43e07c9e3e5e2e544e95df', 'b1946ac92492d2347c6235b4d2611184']);
    const alone = changed('guardduty-iam-user', 'time', never);
    const nothing = Object.values(places).reduce<unknown>((all, path) => changed(all, path, never), alone);
    expect(() => alertsOf(nothing)).toThrow(
      'detail: does not say when it was seen, and neither does the "time" of the event',
    );
  });

  it.each([
    ['of the year 1', -62_135_596_800_000],
    ['of 1970', 0],
    ['in seconds', 1_795_345_711],
    ['in microseconds', 1_795_345_711_000_000],
    ['of the year 9999', 253_402_300_799_000],
  ])('as a number %s counts as not given in an OCSF finding', (_, time) => {
    const first = changed('securityhub-ocsf', 'detail.findings.0.finding_info.last_seen_time', time);
    expect(alertsOf(first)).toMatchObject([{ lastSeen: '2026-11-22T11:08:31Z' }]);
    const both = changed(first, 'detail.findings.0.finding_info.last_seen_time_dt', null);
    expect(alertsOf(both)).toMatchObject([{ lastSeen: '2026-11-22T11:13:40.918Z' }]);
  });
});
