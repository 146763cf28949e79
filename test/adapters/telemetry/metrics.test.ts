import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { metricsOf } from '../../../lib/adapters/telemetry/metrics.ts';
import { RefusedError } from '../../../lib/domain/errors.ts';
import { NO_TARGET } from '../../../lib/domain/exports/run-events.ts';

const start = Temporal.Instant.from('2026-11-22T00:00:00Z');
const window = { start, end: start.add({ hours: 24 }) };
const error = new RefusedError('No.');

it('a target has a value for every count, nothing being 0, and one for each call', () => {
  const metrics = metricsOf();
  metrics.add({ type: 'window_accepted', targetId: 'a', window, taskId: 't', callMilliseconds: 12 });
  metrics.add({ type: 'window_accepted', targetId: 'a', window, taskId: 'u', callMilliseconds: 30 });
  metrics.add({ type: 'call_throttled', targetId: 'a', waitMilliseconds: 5 });
  metrics.add({ type: 'window_failed', targetId: 'b', window, error });
  metrics.add({ type: 'window_deferred', targetId: 'b', window, why: 'held' });
  metrics.add({ type: 'windows_deferred', why: 'held', targetId: 'b', windows: 7 });
  const values = metrics
    .targets()
    .map(({ targetId, values: list }) => [
      targetId,
      list.map(({ name, unit, value }) => `${name} ${value} ${unit}`),
    ]);
  expect(values).toEqual([
    [
      'a',
      [
        'WindowsPublished 0 Count',
        'WindowsConfirmed 0 Count',
        'WindowsFailed 0 Count',
        'WindowsDeferred 0 Count',
        'WindowsLost 0 Count',
        'AlertsReceived 0 Count',
        'AlertsUnmatched 0 Count',
        'AlertsCoalesced 0 Count',
        'ThrottledCalls 1 Count',
        'ExportCallMilliseconds 12 Milliseconds',
        'ExportCallMilliseconds 30 Milliseconds',
      ],
    ],
    [
      'b',
      [
        'WindowsPublished 0 Count',
        'WindowsConfirmed 0 Count',
        'WindowsFailed 1 Count',
        'WindowsDeferred 8 Count',
        'WindowsLost 0 Count',
        'AlertsReceived 0 Count',
        'AlertsUnmatched 0 Count',
        'AlertsCoalesced 0 Count',
        'ThrottledCalls 0 Count',
      ],
    ],
  ]);
});

it('alerts count under their target, those that no rule is for under none, and coalesced exports one by one', () => {
  const metrics = metricsOf();
  const alert = {
    type: 'alert_received',
    alertId: 'x',
    windows: 2,
    tasks: [],
    lost: [],
    exhausted: [],
  } as const;
  metrics.add({ ...alert, targetId: 'a' });
  metrics.add({ ...alert, targetId: 'a' });
  metrics.add({ type: 'alerts_coalesced', targetId: 'a', exports: 7 });
  metrics.add({
    type: 'alert_unmatched',
    targetId: NO_TARGET,
    alertId: 'y',
    source: 's',
    types: [],
    why: 'none',
  });
  const alerts = metrics
    .targets()
    .map(({ targetId, values }) => [
      targetId,
      values.filter(({ name, value }) => name.startsWith('Alerts') && value > 0),
    ]);
  const count = (name: string, value: number) => ({ name, unit: 'Count', value });
  expect(alerts).toEqual([
    ['a', [count('AlertsReceived', 2), count('AlertsCoalesced', 7)]],
    ['_none', [count('AlertsUnmatched', 1)]],
  ]);
});

it('a target that was looked over has its coverage, what is unconfirmed and what will be lost', () => {
  const metrics = metricsOf();
  metrics.add({
    type: 'target_assessed',
    targetId: 'a',
    coveredUntil: start,
    ageSeconds: 3_600,
    unconfirmed: 2,
    longUnconfirmed: 1,
    atRisk: [window],
    hoursLeft: 20.5,
  });
  const values = metrics.targets()[0]?.values.map(({ name, unit, value }) => `${name} ${value} ${unit}`);
  expect(values).toEqual(
    expect.arrayContaining([
      'WindowsUnconfirmed 2 Count',
      'WindowsLongUnconfirmed 1 Count',
      'WindowsAtRisk 1 Count',
      'CoverageAgeSeconds 3600 Seconds',
      'RetentionHoursLeft 20.5 None',
    ]),
  );
});

it('a target without coverage has no age of it', () => {
  const metrics = metricsOf();
  metrics.add({
    type: 'target_assessed',
    targetId: 'a',
    unconfirmed: 0,
    longUnconfirmed: 0,
    atRisk: [],
    hoursLeft: 720,
  });
  const names = metrics.targets()[0]?.values.map(({ name }) => name);
  expect(names).toContain('WindowsAtRisk');
  expect(names).not.toContain('CoverageAgeSeconds');
});

describe('what is told of the service', () => {
  const unreadable = (targetId: string) =>
    ({ type: 'row_unreadable', targetId, message: 'no JSON' }) as const;
  const learnt = (targetId: string, aheadSeconds: number) =>
    ({ type: 'clock_learnt', targetId, aheadSeconds }) as const;

  it('is written once for all targets: the sum of its counts, and the clock that is furthest off', () => {
    const metrics = metricsOf();
    metrics.add({ type: 'window_never_confirmed', targetId: 'a', window, taskId: 't', error });
    for (const targetId of ['a', 'b', 'b']) metrics.add(unreadable(targetId));
    for (const targetId of ['a', 'c'])
      metrics.add({ type: 'request_lost', targetId, alertId: 'finding-1', window, filters: {} });
    metrics.add({ type: 'request_exhausted', targetId: 'a', alertId: 'finding-1', window, error });
    metrics.add(learnt('a', 400));
    metrics.add(learnt('b', -7_200));
    metrics.add(learnt('c', 301));
    expect(metrics.targets().map(({ targetId }) => targetId)).toEqual(['a', 'b', 'c', '_service']);
    expect(metrics.targets().at(-1)?.values).toEqual([
      { name: 'WindowsNeverConfirmed', unit: 'Count', value: 1 },
      { name: 'RowsUnreadable', unit: 'Count', value: 3 },
      { name: 'AlertsLost', unit: 'Count', value: 2 },
      { name: 'AlertsExhausted', unit: 'Count', value: 1 },
      { name: 'ClockOffsetSeconds', unit: 'Seconds', value: 7_200 },
    ]);
  });

  it('is only what there is to tell, and nothing at all while all is well', () => {
    const well = metricsOf();
    for (const aheadSeconds of [0, 300, -300]) well.add(learnt('a', aheadSeconds));
    expect(well.targets().map(({ targetId }) => targetId)).toEqual(['a']);
    const off = metricsOf();
    off.add(learnt('a', -301));
    expect(off.targets().at(-1)).toEqual({
      targetId: '_service',
      values: [{ name: 'ClockOffsetSeconds', unit: 'Seconds', value: 301 }],
    });
  });
});
