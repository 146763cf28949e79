import { expect, it } from 'vitest';
import { DEFAULT_SCOPE } from '../../../../lib/domain/alerts/alert-rule.ts';
import type { Target } from '../../../../lib/domain/input/target.ts';
import { DEMO_ACCOUNT } from '../../../../lib/emulator/iam/accounts.ts';
import { exportForAlerts } from '../../../../lib/exports/alerts/alert-run.ts';
import { alertingTarget, alertOf } from '../../../support/alerts/alerting-target.ts';

const OTHER = 'e'.repeat(32);
const rules = [{ ...DEFAULT_SCOPE, id: 'all', match: {}, targets: ['acme'], filters: false }];
const never = new AbortController().signal;

type Local = Awaited<ReturnType<typeof alertingTarget>>;

function arrives({ ports, clock }: Local, target: Target) {
  const alerts = [alertOf({ lastSeen: '09:50' }, '10:00')];
  return exportForAlerts(ports, { alerts, rules, targets: [target], arrivedAt: clock() }, never);
}

it.each([
  ['that only the token names', {}],
  ['of the settings', { project_id: DEMO_ACCOUNT.project.id }],
])(
  'the first alert binds a project %s, and nothing of another one counts as exported',
  async (_, settings) => {
    const local = await alertingTarget(settings, {
      projects: [DEMO_ACCOUNT.project, { id: OTHER, name: DEMO_ACCOUNT.project.name }],
    });
    await arrives(local, local.target);
    expect(await local.published()).toHaveLength(1);
    expect((await local.ledger.findTarget('acme'))?.projectId).toBe(DEMO_ACCOUNT.project.id);

    const { targets } = await arrives(local, { ...local.target, projectId: OTHER });
    expect(targets).toMatchObject([{ published: 0, failed: [{ kind: 'input' }] }]);
    expect(local.emulator.tasks().map(({ projectId }) => projectId)).toEqual([DEMO_ACCOUNT.project.id]);
  },
);

it('nights begin after an alert as they would without one', async () => {
  const local = await alertingTarget();
  await arrives(local, local.target);
  local.pass({ hours: 15 });
  await local.sweep(false);
  const started = local.events.filter(({ type }) => type === 'coverage_started');
  expect(started.map((event) => 'from' in event && `${event.from}`)).toEqual(['2026-11-22T00:00:00Z']);
});
