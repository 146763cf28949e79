import { describe, expect, it } from 'vitest';
import { DEFAULT_SCOPE } from '../../../lib/domain/alerts/alert-rule.ts';
import { previewAlerts } from '../../../lib/exports/alerts/alert-preview.ts';
import { exportForAlerts } from '../../../lib/exports/alerts/alert-run.ts';
import { alertingTarget, alertOf } from '../../support/alerts/alerting-target.ts';

const never = new AbortController().signal;

/** A target, and one alert that can be previewed and served again and again. */
async function withAlert(settings: Record<string, unknown>, seenFor: { hours: number }) {
  const local = await alertingTarget({ start_at: '2027-01-01T00:00:00Z', ...settings });
  const alert = alertOf({ lastSeen: '09:00' }, '10:00');
  const firstSeen = alert.lastSeen.subtract(seenFor);
  const rules = [{ ...DEFAULT_SCOPE, id: 'all', match: {}, targets: ['acme'] }];
  const alerts = [{ ...alert, firstSeen, named: { public_ip: ['198.51.100.7'] } }];
  const input = () => ({ alerts, rules, targets: [local.target], arrivedAt: local.clock() });
  const { ledger, clock } = local;
  return {
    ...local,
    preview: async () => (await previewAlerts({ ledger, clock }, input())).targets[0],
    serve: async () => (await exportForAlerts(local.ports, input(), never)).targets[0],
  };
}

describe('a preview of an alert that has come before shows what it would lead to now:', () => {
  it('no export where all that are allowed have failed', async () => {
    const { preview, serve, emulator, pass, sweep } = await withAlert({ max_attempts: 1 }, { hours: 0 });
    emulator.setScenario({
      steps: [{ on: 'export', times: 'always', effect: { type: 'fail_task', reason: 'disk' } }],
    });
    await serve();
    for (const minutes of [120, 20]) {
      pass({ minutes });
      await sweep();
    }
    expect((await preview())?.atOnce).toEqual([]);
    expect(await serve()).toMatchObject({ published: 0 });
  });

  it('no loss that was reported', async () => {
    const { preview, serve, pass } = await withAlert({}, { hours: 24 * 40 });
    expect((await preview())?.lost).toHaveLength(1);
    expect(await serve()).toMatchObject({ lost: [{ start: expect.any(String) }] });
    pass({ minutes: 20 });
    expect((await preview())?.lost).toEqual([]);
    expect(await serve()).toMatchObject({ lost: [] });
  });
});
