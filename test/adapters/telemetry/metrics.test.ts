import { Temporal } from 'temporal-polyfill';
import { expect, it } from 'vitest';
import { metricsOf } from '../../../lib/adapters/telemetry/metrics.ts';
import { RefusedError } from '../../../lib/domain/errors.ts';

const start = Temporal.Instant.from('2026-11-22T00:00:00Z');
const window = { start, end: start.add({ hours: 24 }) };
const error = new RefusedError('No.');

it('a target has a value for every count, nothing being 0, and one for each call', () => {
  const metrics = metricsOf();
  metrics.add({ type: 'window_accepted', targetId: 'a', window, taskId: 't', callMilliseconds: 12 });
  metrics.add({ type: 'window_accepted', targetId: 'a', window, taskId: 'u', callMilliseconds: 30 });
  metrics.add({ type: 'call_throttled', targetId: 'a', waitMilliseconds: 5 });
  metrics.add({ type: 'window_failed', targetId: 'b', window, error });
  metrics.add({ type: 'window_left', targetId: 'b', window, why: 'held' });
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
        'WindowsAnnounced 0 Count',
        'WindowsFailed 0 Count',
        'WindowsLeftForNextRun 0 Count',
        'ThrottledCalls 1 Count',
        'ExportCallMilliseconds 12 Milliseconds',
        'ExportCallMilliseconds 30 Milliseconds',
      ],
    ],
    [
      'b',
      [
        'WindowsAnnounced 0 Count',
        'WindowsFailed 1 Count',
        'WindowsLeftForNextRun 1 Count',
        'ThrottledCalls 0 Count',
      ],
    ],
  ]);
});
