import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { RefusedError } from '../../lib/domain/errors.ts';
import { isDone, orThrow, RunFailedError, reportTarget } from '../../lib/exports/report.ts';

const start = Temporal.Instant.from('2026-11-22T00:00:00Z');
const window = { start, end: start.add({ hours: 24 }) };

describe('the report of a target', () => {
  it('repeats what Huawei said of a window that failed', () => {
    const vendor = { status: 403, code: 'PAP5.0001', requestId: 'c0ffee' };
    const error = new RefusedError('No.', { vendor });
    expect(reportTarget('acme', [{ window, result: { outcome: 'failed', error } }]).failed).toEqual([
      {
        window: { start: '2026-11-22T00:00:00Z', end: '2026-11-23T00:00:00Z' },
        kind: 'refused',
        message: 'No.',
        vendor_code: 'PAP5.0001',
        request_id: 'c0ffee',
      },
    ]);
  });

  it('of a window in the hands of another run is not done, and the run ends with an error that says so', () => {
    const report = reportTarget('acme', [{ window, result: { outcome: 'left', why: 'held' } }]);
    expect(isDone(report)).toBe(false);
    expect(() => orThrow({ targets: [report] })).toThrow(RunFailedError);
    expect(() => orThrow({ targets: [report] })).toThrow('acme: 1 in the hands of another run');
  });

  it('of windows that are exported is done', () => {
    const report = reportTarget('acme', [
      { window, result: { outcome: 'announced' } },
      { window, result: { outcome: 'covered' } },
    ]);
    expect(orThrow({ targets: [report] })).toEqual({ targets: [report] });
  });
});
