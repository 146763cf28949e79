import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { DEFAULT_SCOPE } from '../../../../lib/domain/alerts/alert-rule.ts';
import { DEMO_ACCOUNT } from '../../../../lib/emulator/iam/accounts.ts';
import type { EmulatorOptions } from '../../../../lib/emulator/options.ts';
import { exportForAlerts } from '../../../../lib/exports/alerts/alert-run.ts';
import { alertingTarget, alertOf } from '../../../support/alerts/alerting-target.ts';
import { mortalPorts } from '../../../support/runs/killed-run.ts';
import { temporaryFolder } from '../../../support/vitest/temporary-folder.ts';

const SEEN = { from: '08:00', to: '09:00', lastSeen: '08:45' };
const REFUSED_ONCE = { on: 'export', times: 1, effect: { type: 'forbidden' } } as const;
const rules = [{ ...DEFAULT_SCOPE, id: 'all', match: {}, targets: ['acme'], filters: false }];
const never = new AbortController().signal;

/** A target whose first night is exported. */
async function afterFirstNight() {
  const local = await onFile();
  await local.sweep(false);
  return local;
}

/** A target with a way to change what is stored, and an alert as it comes to the function. */
async function onFile(options: EmulatorOptions = {}) {
  const file = join(temporaryFolder(), 'ledger.sqlite');
  const local = await alertingTarget({}, options, '2026-11-22T10:00:00Z', file);
  const change = (sql: string): void => {
    const database = new DatabaseSync(file);
    database.exec(sql);
    database.close();
  };
  const alert = (target = local.target) => {
    const alerts = [alertOf({ lastSeen: '09:50' }, '10:00')];
    const input = { alerts, rules, targets: [target], arrivedAt: local.clock() };
    return exportForAlerts(local.ports, input, never);
  };
  return { ...local, change, alert };
}

describe('the row of a target that is missing while its windows are there is an error for', () => {
  it('an alert, which is kept, and does not write a new one in its place', async () => {
    const { change, alert, sweep, pass, ledger, open } = await afterFirstNight();
    change('DELETE FROM targets');
    pass({ hours: 24 * 6 });
    const { targets } = await alert();
    expect(targets).toMatchObject([
      { published: 0, failed: [{ kind: 'infrastructure', message: expect.stringContaining('is missing') }] },
    ]);
    expect(await open()).toHaveLength(1);
    expect(await ledger.findTarget('acme')).toBeUndefined();
    const { targets: nights } = await sweep(false);
    expect(nights).toMatchObject([{ failed: [{ message: expect.stringContaining('is missing') }] }]);
  });

  it('a sweep with something urgent for alerts, which reports it once', async () => {
    const { change, serve, sweep, pass, emulator, ledger } = await afterFirstNight();
    emulator.setScenario({ steps: [REFUSED_ONCE] });
    await serve(SEEN);
    change('DELETE FROM targets');
    pass({ hours: 24 * 3 });
    const { targets } = await sweep();
    expect(targets.map(({ published, failed }) => [published, failed.length])).toEqual([[0, 1]]);
    expect(await ledger.findTarget('acme')).toBeUndefined();
  });
});

it('the row of a target that is damaged is rebuilt before the urgent exports for alerts, which lose no slot by it', async () => {
  const { change, serve, sweep, pass, emulator, ledger, published, events } = await afterFirstNight();
  emulator.setScenario({ steps: [REFUSED_ONCE] });
  await serve({ ...SEEN, filters: { public_ip: '203.0.113.7' } });
  pass({ hours: 1 });
  change(`UPDATE targets SET document = '{'`);
  const { targets } = await sweep();
  expect(targets).toMatchObject([{ failed: [] }]);
  expect(await published()).toEqual(['08:00/09:00 203.0.113.7']);
  expect(events.filter(({ type }) => type === 'row_unreadable')).toHaveLength(1);
  expect((await ledger.findTarget('acme'))?.coveredFrom?.toString()).toBe('2026-11-21T00:00:00Z');
});

describe('the row of a target that only has exports for alerts', () => {
  const OTHER = 'e'.repeat(32);
  const PROJECTS = {
    projects: [DEMO_ACCOUNT.project, { id: OTHER, name: DEMO_ACCOUNT.project.name }],
  };

  it('that is missing is an error, too', async () => {
    const { change, alert } = await onFile();
    await alert();
    change('DELETE FROM targets');
    expect((await alert()).targets).toMatchObject([
      { failed: [{ message: expect.stringContaining('is missing') }] },
    ]);
  });

  it('that is damaged is rebuilt for the project of its tasks', async () => {
    const { change, alert, target, ledger } = await onFile(PROJECTS);
    await alert();
    change(`UPDATE targets SET document = '{'`);
    expect((await alert({ ...target, projectId: OTHER })).targets).toMatchObject([
      { failed: [{ kind: 'input' }] },
    ]);
    await alert();
    expect((await ledger.findTarget('acme'))?.projectId).toBe(DEMO_ACCOUNT.project.id);
  });

  it('is written before its first window, so that a run that dies then leaves no window without it', async () => {
    const { alert, ports, target, clock, sweep, pass } = await onFile();
    const { died, ports: mortal } = mortalPorts(ports, { when: 'after', call: 'ledger.save', nth: 1 });
    const alerts = [alertOf({ lastSeen: '09:50' }, '10:00')];
    const input = { alerts, rules, targets: [target], arrivedAt: clock() };
    void exportForAlerts({ ...ports, ...mortal }, input, never);
    await died;
    pass({ minutes: 15 });
    expect((await alert()).targets).toMatchObject([{ published: 1, failed: [] }]);
    expect((await sweep(false)).targets).toMatchObject([{ failed: [] }]);
  });
});
