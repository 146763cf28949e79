import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { RefusedError } from '../../../lib/domain/errors.ts';
import { orThrow, RunFailedError, reportTarget } from '../../../lib/exports/window/run-report.ts';

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

  it('of a window that is left is no failure: the next run or the sweep goes on with it', () => {
    const report = reportTarget('acme', [{ window, result: { outcome: 'deferred', why: 'held' } }]);
    expect(report).toMatchObject({ planned: 1, deferred: 1 });
    expect(orThrow({ targets: [report] }).targets).toEqual([report]);
  });

  it('of a window that was found to be lost ends the run with an error that says why', () => {
    const report = reportTarget('acme', [{ window, result: { outcome: 'lost' } }]);
    expect(report).toMatchObject({
      planned: 0,
      lost: [{ start: '2026-11-22T00:00:00Z', end: '2026-11-23T00:00:00Z' }],
    });
    const run = () => orThrow({ targets: [report] });
    expect(run).toThrow(RunFailedError);
    expect(run).toThrow(
      'acme 2026-11-22T00:00:00Z/2026-11-23T00:00:00Z: lost. Huawei keeps login records 30 days',
    );
  });

  it('of windows that are exported is done', () => {
    const report = reportTarget('acme', [
      { window, result: { outcome: 'published' } },
      { window, result: { outcome: 'covered' } },
    ]);
    expect(orThrow({ targets: [report] })).toEqual({ targets: [report] });
  });
});
