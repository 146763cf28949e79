import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import type { Filters } from '../../../../lib/domain/input/filters.ts';
import { filtersDigest } from '../../../../lib/domain/ledger/window-row.ts';
import { ON_SWEEP } from '../../../../lib/exports/alerts/requests/plan-exports.ts';
import { exportOf, nightOf, plannedFor, requestFor, shortSpan, spanOf, targetWith } from './planning.ts';

describe('what of a request is exported, and when', () => {
  it('orders at once all up to now of what was seen', () => {
    const requests = [requestFor({ window: '07:55/10:25', seen: '09:55' })];
    expect(plannedFor({ requests, now: '10:00' }).texts).toEqual(['07:55/10:00 203.0.113.7']);
  });

  it('orders nothing more until the rest is due, at a full hour, and then what was too new to be complete', () => {
    const requests = [requestFor({ window: '07:55/10:25', seen: '09:55' })];
    const entries = [exportOf({ window: '07:55/10:00', at: '10:00' })];
    expect(plannedFor({ requests, entries, now: '10:59' }).texts).toEqual([]);
    expect(plannedFor({ requests, entries, now: '11:00' }).texts).toEqual(['09:30/10:25 203.0.113.7']);
  });

  it('does not export an end that lies ahead again and again, up to each new now', () => {
    const requests = [requestFor({ window: '08:00/20:00', seen: '20:00' })];
    const entries = [exportOf({ window: '08:00/10:00' })];
    expect(plannedFor({ requests, entries, now: '11:00' }).texts).toEqual([]);
  });

  it('orders nothing of a window that has not started', () => {
    expect(
      plannedFor({ requests: [requestFor({ window: '12:00/14:00', seen: '14:00' })], now: '10:00' }).texts,
    ).toEqual([]);
  });

  it('orders nothing that Huawei no longer has', () => {
    const requests = [requestFor({ window: '2026-10-13T00:00:00Z/2026-10-24T00:00:00Z' })];
    expect(plannedFor({ requests, now: '10:00' }).texts).toEqual([
      '2026-10-23T10:05/2026-10-24T00:00 203.0.113.7',
    ]);
  });

  it.each([
    ['a night', nightOf({ window: '2026-11-21T00:00:00Z/2026-11-22T00:00:00Z' })],
    [
      'an export for another alert',
      exportOf({ window: '2026-11-21T06:00:00Z/2026-11-21T12:00:00Z', at: '09:00' }),
    ],
  ])('needs nothing that %s has', (_, entry) => {
    const requests = [requestFor({ window: '2026-11-21T08:00:00Z/2026-11-21T10:00:00Z' })];
    expect(plannedFor({ requests, entries: [entry], now: '10:00' }).texts).toEqual([]);
  });

  it.each([
    ['for another address', exportOf({ window: '08:00/10:00', address: '203.0.113.8' })],
    [
      'failed at the call',
      exportOf({ window: '08:00/10:00', state: 'failed', failure: 'refused', at: '09:40' }),
    ],
    [
      'failed at Huawei',
      exportOf({ window: '08:00/10:00', state: 'failed', failure: 'task_failed', at: '09:40' }),
    ],
    ['died with its run', exportOf({ window: '08:00/10:00', state: 'claimed', at: '09:40' })],
    ['cannot be read', exportOf({ window: '08:00/10:00', state: 'unreadable', at: '09:40' })],
  ])('does not count an export that %s', (_, entry) => {
    const requests = [requestFor({ window: '08:00/10:00' })];
    expect(plannedFor({ requests, entries: [entry], now: '10:00' }).texts).toEqual([
      '08:00/10:00 203.0.113.7',
    ]);
  });

  it('counts an export that its run is about to order', () => {
    const entries = [exportOf({ window: '08:00/10:00', state: 'claimed', at: '09:58' })];
    expect(
      plannedFor({ requests: [requestFor({ window: '08:00/10:00' })], entries, now: '10:00' }).texts,
    ).toEqual([]);
  });

  it("takes an export with the target's own filters for all that the target has", () => {
    const target = targetWith({ filters: { user_name: 'li.wei' } });
    const filters = { user_name: 'li.wei', public_ip: '203.0.113.7' };
    const requests = [{ ...requestFor({ window: '08:00/10:00' }), filters }];
    const night = (of: Filters) => ({
      ...nightOf({ window: '08:00/10:00' }),
      filtersDigest: filtersDigest(of),
    });
    const planned = (of: Filters) =>
      plannedFor({ requests, entries: [night(of)], now: '10:00', target }).texts;
    expect(planned({ user_name: 'li.wei' })).toEqual([]);
    expect(planned({ user_name: 'wang.fang' })).toEqual(['08:00/10:00 li.wei 203.0.113.7']);
  });
});

describe('needs that one export serves', () => {
  it('joins equal filters that are at most a day apart, and names each alert once', () => {
    const requests = [
      requestFor({ id: 'a', window: '2026-11-20T08:00:00Z/2026-11-20T09:00:00Z' }),
      requestFor({ id: 'b', window: '2026-11-21T09:00:00Z/2026-11-21T10:00:00Z' }),
      requestFor({ id: 'b', window: '2026-11-21T08:30:00Z/2026-11-21T09:30:00Z' }),
      requestFor({ id: 'c', window: '2026-11-18T08:00:00Z/2026-11-18T09:00:00Z' }),
    ];
    const { exports } = plannedFor({ requests, now: '10:00' });
    expect(exports.map(({ window, alerts }) => [shortSpan(window), alerts])).toEqual([
      ['2026-11-18T08:00/2026-11-18T09:00', { ids: ['c'], more: false, coalesced: false }],
      ['2026-11-20T08:00/2026-11-21T10:00', { ids: ['a', 'b'], more: false, coalesced: false }],
    ]);
  });

  it('names the first twenty alerts, and says that there are more', () => {
    const requests = Array.from({ length: 21 }, (_, index) =>
      requestFor({ id: `f-${index}`, window: '08:00/10:00' }),
    );
    const [planned] = plannedFor({ requests, now: '10:00' }).exports;
    expect(planned?.alerts).toEqual({
      ids: requests.slice(0, 20).map(({ alertId }) => alertId),
      more: true,
      coalesced: false,
    });
  });

  it('exports all records of weeks in windows of three days', () => {
    const requests = [requestFor({ window: '2026-11-01T00:00:00Z/2026-11-09T00:00:00Z', address: 'all' })];
    const plan = plannedFor({ requests, now: '10:00' });
    expect(plan.texts).toEqual([
      '2026-11-01T00:00/2026-11-04T00:00 all',
      '2026-11-04T00:00/2026-11-07T00:00 all',
      '2026-11-07T00:00/2026-11-09T00:00 all',
    ]);
    expect(plan.waiting).toEqual([]);
  });
});

describe('the same again', () => {
  const entries = [exportOf({ window: '08:00/10:00', at: '10:00' })];
  const requests = [requestFor({ id: 'b', window: '08:10/10:09', came: '10:09' })];

  it.each([
    ['14 minutes after the last, where an alert comes', '10:14', undefined, []],
    ['15 minutes after it', '10:15', undefined, ['10:00/10:09 203.0.113.7']],
    ['7 minutes after it, for a sweep', '10:07', ON_SWEEP, []],
    ['8 minutes after it, for a sweep', '10:08', ON_SWEEP, ['10:00/10:08 203.0.113.7']],
  ])('%s', (_, now, interval, expected) => {
    expect(plannedFor({ requests, entries, now, ...(interval ? { interval } : {}) }).texts).toEqual(expected);
  });

  it.each([
    ['10:00', 0],
    ['10:01', 1],
  ])('is tried again a minute after a call that failed: at %s', (now, exports) => {
    const failed = [
      exportOf({ window: '08:00/10:00', at: '10:00', state: 'failed', failure: 'unavailable' }),
    ];
    const again = plannedFor({ requests: [requestFor({ window: '08:00/10:00' })], entries: failed, now });
    expect(again.texts).toHaveLength(exports);
  });
});

const failedBy = (failure: string) => ({ state: 'failed' as const, failure });

describe('what failed twice at Huawei', () => {
  const failed = (attempt: number, ordered: string) => ({
    ...exportOf({ window: '08:00/10:00', at: ordered, ...failedBy('task_failed') }),
    attempt,
  });
  const requests = [requestFor({ window: '08:00/10:00' })];

  it.each([
    ['once, is ordered again after the usual time', failed(1, '10:00'), '10:15', 1],
    ['twice, is not ordered again for an hour', failed(2, '10:20'), '11:19', 0],
    ['twice, is ordered again then', failed(2, '10:20'), '11:20', 1],
    ['twice for an earlier alert, holds back no later one', failed(2, '09:30'), '10:00', 1],
  ])('%s', (_, entry, now, exports) => {
    expect(plannedFor({ requests, entries: [entry], now }).texts).toHaveLength(exports);
  });
});

describe('slots', () => {
  const target = targetWith({ max_alert_exports: 6 });
  const storm = (count: number) =>
    Array.from({ length: count }, (_, index) =>
      requestFor({ id: `f-${index}`, window: '08:00/10:00', address: `203.0.113.${index}` }),
    );

  it('gives each need its own filters while there are slots, but for the third that is kept for all records', () => {
    expect(plannedFor({ requests: storm(4), now: '10:00', target })).toMatchObject({
      coalesced: 0,
      exports: { length: 4 },
    });
  });

  it('joins what finds no slot without filters, and drops what lies within that', () => {
    const plan = plannedFor({ requests: storm(50), now: '10:00', target });
    expect(plan.texts).toEqual(['08:00/10:00 all']);
    expect([plan.coalesced, plan.exports[0]?.alerts.coalesced]).toEqual([46, true]);
    expect(plan.waiting).toEqual([]);
  });

  it('orders nothing of its own for what lies within an export of all records, and names its alert with that', () => {
    const requests = [
      requestFor({ id: 'narrow', window: '08:30/09:00' }),
      requestFor({ id: 'wide', window: '08:00/10:00', address: 'all' }),
      requestFor({
        id: 'longer',
        window: '08:30/10:30',
        seen: '09:50',
        came: '09:50',
        address: '203.0.113.8',
      }),
    ];
    const plan = plannedFor({ requests, now: '10:00', target });
    expect(plan.texts).toEqual(['08:00/10:00 all']);
    expect(plan.exports[0]?.alerts).toEqual({
      ids: ['wide', 'narrow', 'longer'],
      more: false,
      coalesced: true,
    });
    expect([plan.coalesced, plan.waiting]).toEqual([0, []]);
  });

  it('orders nothing of its own for what lies within several exports of all records that are ordered together', () => {
    const week = '2026-11-14T08:00:00Z/2026-11-21T08:00:00Z';
    const requests = [
      requestFor({ id: 'wide', window: week, address: 'all' }),
      requestFor({ id: 'narrow', window: '2026-11-15T08:00:00Z/2026-11-19T08:00:00Z' }),
    ];
    const plan = plannedFor({ requests, now: '10:00', target });
    expect(plan.texts).toHaveLength(3);
    expect(plan.exports.map(({ filters }) => filters)).toEqual([{}, {}, {}]);
    expect(plan.exports.map(({ alerts }) => alerts.ids)).toEqual([
      ['wide', 'narrow'],
      ['wide', 'narrow'],
      ['wide'],
    ]);
    expect(plan.waiting).toEqual([]);
  });

  it('joins needs of a week in windows of three days, and counts each of them', () => {
    const week = '2026-11-14T08:00:00Z/2026-11-21T08:00:00Z';
    const nine = targetWith({ max_alert_exports: 9 });
    const requests = storm(50).map((request) => ({ ...request, window: spanOf(week) }));
    const plan = plannedFor({ requests, now: '10:00', target: nine });
    expect(plan.texts.slice(-3)).toEqual([
      '2026-11-14T08:00/2026-11-17T08:00 all',
      '2026-11-17T08:00/2026-11-20T08:00 all',
      '2026-11-20T08:00/2026-11-21T08:00 all',
    ]);
    expect([plan.coalesced, plan.waiting]).toEqual([44, []]);
  });

  it('says that a need waits, although an export for another address has its time', () => {
    const two = targetWith({ max_alert_exports: 2 });
    const requests = [
      requestFor({ window: '08:00/10:00', came: '09:58', address: '203.0.113.1' }),
      requestFor({
        window: '2026-11-10T08:00:00Z/2026-11-10T10:00:00Z',
        came: '09:59',
        address: '203.0.113.2',
      }),
      requestFor({ window: '08:30/09:30', address: '203.0.113.3' }),
    ];
    const plan = plannedFor({ requests, now: '10:00', target: two });
    expect(plan.texts).toEqual(['08:00/10:00 203.0.113.1', '2026-11-10T08:00/2026-11-10T10:00 all']);
    expect(plan.waiting.map(({ filters }) => filters)).toEqual([{ public_ip: '203.0.113.3' }]);
  });

  it.each([
    [1, ['08:00/10:00 all']],
    [2, ['08:00/10:00 all']],
    [3, ['08:00/10:00 all']],
  ])(
    'keeps one for all records where %d are allowed in an hour, so that no storm waits for days',
    (cap, expected) => {
      expect(
        plannedFor({ requests: storm(9), now: '10:00', target: targetWith({ max_alert_exports: cap }) })
          .texts,
      ).toEqual(expected);
    },
  );

  it('gives the only slot of an hour to the filters of an alert that is alone', () => {
    const one = targetWith({ max_alert_exports: 1 });
    expect(plannedFor({ requests: storm(1), now: '10:00', target: one }).texts).toEqual([
      '08:00/10:00 203.0.113.0',
    ]);
  });

  it('keeps a slot of its own for what lies apart from the rest', () => {
    const apart = requestFor({
      id: 'apart',
      window: '2026-11-10T08:00:00Z/2026-11-10T09:00:00Z',
      came: '09:59',
    });
    expect(plannedFor({ requests: [...storm(50), apart], now: '10:00', target }).texts).toEqual([
      '2026-11-10T08:00/2026-11-10T09:00 203.0.113.7',
      '08:00/10:00 all',
    ]);
  });

  it.each([
    ['ordered 59 minutes ago takes a slot', { at: '09:01' }, 0],
    ['ordered an hour ago takes none', { at: '09:00' }, 1],
    ['whose call failed takes one for a quarter of an hour', { at: '09:46', ...failedBy('refused') }, 0],
    ['whose call failed gives it back then', { at: '09:45', ...failedBy('refused') }, 1],
    [
      'that may have led to a task takes one for the hour',
      { at: '09:01', orphans: 1, ...failedBy('interrupted') },
      0,
    ],
    [
      'whose answer was lost takes one for the hour',
      { at: '09:01', ...failedBy('unavailable'), orphans: 1 },
      0,
    ],
    ['whose task failed takes one for the hour', { at: '09:01', ...failedBy('task_failed') }, 0],
  ])('an export %s', (_, differing, exports) => {
    const one = targetWith({ max_alert_exports: 1 });
    const entries = [exportOf({ window: '01:00/02:00', address: '203.0.113.99', ...differing })];
    const plan = plannedFor({ requests: storm(1), entries, now: '10:00', target: one });
    expect([plan.exports.length, plan.waiting.length]).toEqual([exports, 1 - exports]);
  });

  it('serves what was seen before the rest of others', () => {
    const rest = requestFor({ id: 'rest', window: '05:00/06:00', came: '06:00', address: '203.0.113.1' });
    const seen = requestFor({ id: 'seen', window: '08:00/10:00', address: '203.0.113.2' });
    const entries = [exportOf({ window: '05:00/06:00', at: '06:00', address: '203.0.113.1' })];
    expect(plannedFor({ requests: [rest, seen], entries, now: '10:00' }).texts).toEqual([
      '08:00/10:00 203.0.113.2',
      '05:30/06:00 203.0.113.1',
    ]);
  });

  it('gives the only slot of an hour to one after the other that cannot be joined, because the target has other filters now', () => {
    const target = targetWith({ max_alert_exports: 1, filters: { user_name: 'li.wei' } });
    const requests = ['203.0.113.7', '203.0.113.8'].map((address) =>
      requestFor({ id: address, window: '08:00/09:00', seen: '08:45', address }),
    );
    const first = plannedFor({ requests, now: '10:00', target });
    expect(first.texts).toEqual(['08:00/09:00 203.0.113.7']);
    const entries = [exportOf({ window: '08:00/09:00', at: '10:00' })];
    expect(plannedFor({ requests, entries, now: '10:30', target }).texts).toEqual([]);
    expect(plannedFor({ requests, entries, now: '11:00', target }).texts).toEqual([
      '08:00/09:00 203.0.113.8',
    ]);
  });

  it('serves what Huawei will soon have no more before what has waited longer', () => {
    const one = targetWith({ max_alert_exports: 1 });
    const old = '2026-10-23T10:30:00Z/2026-10-23T12:00:00Z';
    const longest = requestFor({ window: '2026-11-20T08:00:00Z/2026-11-20T09:00:00Z', came: '07:00' });
    const soonLost = requestFor({ id: 'soon lost', window: old, address: '203.0.113.1' });
    const plan = plannedFor({ requests: [longest, soonLost], now: '10:00', target: one });
    expect(plan.texts).toEqual(['2026-10-23T10:30/2026-10-23T12:00 all']);
    expect(plan.waiting.map(({ why }) => why)).toEqual(['slots']);
  });
});

describe('exports that Huawei accepted and that failed', () => {
  const target = targetWith({ max_attempts: 2 });
  const failed = (window: string, number: number, at: string) =>
    exportOf({ window, number, at, state: 'failed', failure: 'task_failed' });

  it('are ordered again, as the next attempt', () => {
    const requests = [requestFor({ window: '06:00/08:00', came: '08:00' })];
    const plan = plannedFor({ requests, entries: [failed('06:00/08:00', 1, '08:00')], now: '10:00', target });
    expect(plan.exports.map(({ attempt }) => attempt)).toEqual([2]);
  });

  it('are not ordered again where as many failed as are allowed, and only there', () => {
    const requests = [requestFor({ window: '05:00/08:00', came: '08:00' })];
    const entries = [failed('06:00/08:00', 1, '08:00'), failed('05:00/07:00', 2, '09:00')];
    const plan = plannedFor({ requests, entries, now: '10:00', target });
    expect(plan.texts).toEqual(['05:00/08:00 203.0.113.7']);
    expect([...plan.exhausted.values()].flat().map(shortSpan)).toEqual(['06:00/07:00']);
  });

  it('are ordered again when more are allowed', () => {
    const requests = [requestFor({ window: '06:00/08:00', came: '08:00' })];
    const entries = [failed('06:00/08:00', 1, '08:00'), failed('06:00/08:00', 2, '09:00')];
    expect(plannedFor({ requests, entries, now: '10:00', target }).texts).toEqual([]);
    expect(
      plannedFor({ requests, entries, now: '10:00', target: targetWith({ max_attempts: 3 }) }).texts,
    ).toEqual(['06:00/08:00 203.0.113.7']);
  });

  it('do not count for an alert that came after them', () => {
    const requests = [requestFor({ window: '06:00/08:00', came: '09:30' })];
    const entries = [failed('06:00/08:00', 1, '08:00'), failed('06:00/08:00', 2, '09:00')];
    expect(plannedFor({ requests, entries, now: '10:00', target }).texts).toEqual([
      '06:00/08:00 203.0.113.7',
    ]);
  });
});

it('needs no interval that a person could not understand', () => {
  expect(ON_SWEEP.total('seconds')).toBe(450);
  expect(Temporal.Duration.compare(ON_SWEEP, { minutes: 15 })).toBeLessThan(0);
});
