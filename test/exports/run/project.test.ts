import { describe, expect, it } from 'vitest';
import { reportStatus } from '../../../lib/cli/context/exit.ts';
import { DEMO_ACCOUNT } from '../../../lib/emulator/iam/accounts.ts';
import { targetStatus } from '../../../lib/exports/status/target-status.ts';
import { startHuawei, targetAt } from '../../support/huawei/start-huawei.ts';
import { mortalPorts } from '../../support/runs/killed-run.ts';
import { at, runningTarget } from '../running-target.ts';

const OTHER = { id: 'f'.repeat(32), name: 'ap-southeast-9' };

/** A second project of the region, which the same user may enter. */
const SAME_REGION = {
  projects: [DEMO_ACCOUNT.project, { id: 'e'.repeat(32), name: DEMO_ACCOUNT.project.name }],
};

async function setUp(settings: Record<string, unknown> = {}) {
  const local = await runningTarget(settings, {
    projects: [
      DEMO_ACCOUNT.project,
      OTHER,
      { ...OTHER, id: 'e'.repeat(32), name: DEMO_ACCOUNT.project.name },
    ],
  });
  await local.calendar();
  local.pass({ hours: 24 });
  return local;
}

describe('another project under the same id', () => {
  it.each([
    ['a region', { region: OTHER.name }, /region: is ap-southeast-9, and the windows are of ap-southeast-3/],
    ['a project id', { project_id: OTHER.id }, /project_id: is f{32}, and the windows are of 2b31ed520/],
    [
      'hosts of Huawei instead of an emulator',
      { endpoints: {} },
      /endpoints\.export: is Huawei's host, and the windows are of a host on this machine/,
    ],
  ])(
    'by %s orders nothing, says that it needs another id, and is a matter of settings',
    async (_, change, message) => {
      const { calendar, sweep, exportCalls, published, rows, ports, targetWith } = await setUp();
      for (const run of [calendar, sweep]) {
        const report = await run(change);
        expect(report).toMatchObject({ planned: 1, published: 0, failed: [{ kind: 'input' }], lost: [] });
        expect(report.failed[0]?.message).toMatch(message);
        expect(report.failed[0]?.message).toMatch(/another project needs another id/);
        expect(reportStatus([report])).toBe(2);
      }
      const { otherProject } = await targetStatus(ports(), targetWith(change));
      expect(otherProject.map(({ path, message }) => `${path}: ${message}`).join()).toMatch(message);
      expect(exportCalls()).toBe(1);
      expect(await published()).toEqual(['11-22/11-23']);
      expect(await rows()).toEqual(['11-22/11-23 published']);
      expect(await calendar()).toMatchObject({ published: 1, confirmed: 1, failed: [] });
    },
  );

  it('by a credential of another account, whose project only its token names, is found before the call', async () => {
    const { calendar, exportCalls, stored } = await setUp();
    expect((await stored())?.projectId).toBe(DEMO_ACCOUNT.project.id);
    const other = await startHuawei({ projects: [{ ...DEMO_ACCOUNT.project, id: OTHER.id }] });
    other.time.now = at('2026-11-24T00:35:00Z');
    const report = await calendar({ endpoints: targetAt(other.origin).endpoints });
    expect(report).toMatchObject({ published: 0, failed: [{ kind: 'input' }] });
    expect(report.failed[0]?.message).toMatch(/project_id \(of the credential\): is f{32}/);
    expect(other.emulator.tasks()).toEqual([]);
    expect(exportCalls()).toBe(1);
  });

  it('is none where the settings now name the project that was learnt', async () => {
    const { calendar } = await setUp();
    expect(await calendar({ project_id: DEMO_ACCOUNT.project.id })).toMatchObject({
      published: 1,
      failed: [],
    });
  });

  it('is none where only the port of the emulator differs, or another host of the region', async () => {
    const { calendar, targetWith } = await setUp();
    const { endpoints } = targetWith();
    const tasks = endpoints.tasks?.replace('127.0.0.1', 'localhost');
    expect(await calendar({ endpoints: { ...endpoints, tasks } })).toMatchObject({
      published: 1,
      failed: [],
    });
  });
});

describe('a slip in the settings of a first run, with which Huawei took no order,', () => {
  const RIGHT = { project_id: DEMO_ACCOUNT.project.id };

  it.each([
    ['a project id', { project_id: 'f'.repeat(32) }],
    ['a region', { region: 'ap-southeast-9' }],
  ])('in %s may be put right under the same id, and coverage begins where it began', async (_, slip) => {
    const { calendar, sweep, pass, ports, targetWith, stored, published } = await runningTarget();
    expect(await calendar(slip)).toMatchObject({ published: 0, failed: [{ kind: 'refused' }] });
    expect((await targetStatus(ports(), targetWith(RIGHT))).otherProject).toEqual([]);
    pass({ hours: 72 });
    expect(await sweep(RIGHT)).toMatchObject({ published: 4, failed: [] });
    expect((await published()).sort()).toEqual(['11-22/11-23', '11-23/11-24', '11-24/11-25', '11-25/11-26']);
    expect(await stored()).toMatchObject({ region: 'ap-southeast-3', projectId: DEMO_ACCOUNT.project.id });
    expect(await calendar(slip)).toMatchObject({ failed: [{ kind: 'input' }] });
  });

  it('is written over before the first order, in which the run may die', async () => {
    const { calendar, passLease, ports, stored } = await runningTarget();
    const slip = { project_id: 'f'.repeat(32) };
    await calendar(slip);
    const { died, ports: mortal } = mortalPorts(ports(), { when: 'after', call: 'api.submit', nth: 1 });
    void calendar({ ...RIGHT, ports: mortal });
    await died;
    expect((await stored())?.projectId).toBe(DEMO_ACCOUNT.project.id);
    passLease();
    expect(await calendar(slip)).toMatchObject({ failed: [{ kind: 'input' }] });
  });
});

describe('a project that only the token names', () => {
  const ANOTHER = { project_id: 'e'.repeat(32) };

  it.each(['before', 'after'] as const)(
    'is bound by a first run that dies %s its first export, so that no other one comes under the same id',
    async (when) => {
      const { calendar, ports, passLease, emulator, stored } = await runningTarget({}, SAME_REGION);
      const { died, ports: mortal } = mortalPorts(ports(), { when, call: 'api.submit', nth: 1 });
      void calendar({ ports: mortal });
      await died;
      expect((await stored())?.projectId).toBe(DEMO_ACCOUNT.project.id);
      passLease();
      const report = await calendar(ANOTHER);
      expect(report).toMatchObject({ published: 0, failed: [{ kind: 'input' }] });
      expect(emulator.tasks().filter(({ projectId }) => projectId === ANOTHER.project_id)).toEqual([]);
      expect(await calendar()).toMatchObject({ published: 1, failed: [] });
    },
  );

  it('is written once, and the same run moves its coverage on', async () => {
    const { calendar, sweep, pass, stored } = await runningTarget({}, SAME_REGION);
    await calendar();
    const first = await stored();
    expect(first).toMatchObject({ projectId: DEMO_ACCOUNT.project.id, version: 2 });
    pass({ minutes: 30 });
    await sweep();
    expect((await stored())?.coveredUntil).toEqual(at('2026-11-23T00:00:00Z'));
  });

  it('is refused where another run has bound another one meanwhile', async () => {
    const { calendar, ports, emulator } = await runningTarget({}, SAME_REGION);
    const given = ports();
    const projectOf: typeof given.api.projectOf = async (...call) => {
      const row = await given.ledger.findTarget('acme');
      if (!row) throw new Error('The run has opened the target before.');
      const bound = {
        ...row,
        projectId: ANOTHER.project_id,
        version: row.version + 1,
        writeId: 'another run',
      };
      expect(await given.ledger.saveTarget(bound)).toBe(true);
      return given.api.projectOf(...call);
    };
    const report = await calendar({ ports: { ...given, api: { ...given.api, projectOf } } });
    expect(report).toMatchObject({ published: 0, failed: [{ kind: 'input' }] });
    expect(emulator.tasks()).toEqual([]);
  });
});
