import { describe, expect, it } from 'vitest';
import { orThrow } from '../../../../lib/exports/window/run-report.ts';
import { mortalPorts } from '../../../support/runs/killed-run.ts';
import { at, days, runningTarget } from '../../running-target.ts';

// What is lost, late or exhausted is reported at least once.

const LIST_DOWN = { on: 'tasks', times: 'always', effect: { type: 'status', status: 503 } } as const;
const UNLISTED = { on: 'export', effect: { type: 'export_reply', task_id: 'not-in-the-list' } } as const;
const NO_LIST = { on: 'tasks', times: 'always', effect: { type: 'forbidden' } } as const;

describe('a loss', () => {
  it.each([
    // The first listing is what the run goes by, the second shows who holds a task; from the third one coverage moves on.
    ['ledger.list', 'before', 3],
    ['ledger.list', 'after', 3],
    ['ledger.saveTarget', 'before', 2],
  ] as const)(
    'that a run wrote and died over before it was reported (%s, %s) is reported by the next',
    async (call, when, nth) => {
      const { calendar, sweep, pass, ports, rows } = await runningTarget();
      await calendar();
      pass({ hours: 1 });
      await sweep();
      pass({ hours: 24 * 33 });
      const { died, ports: mortal } = mortalPorts(ports(), { when, call, nth });
      void calendar({ ports: mortal });
      await died;
      expect((await rows()).some((row) => row.endsWith('lost'))).toBe(true);
      pass({ minutes: 10 });
      const report = await calendar();
      expect(report.lost.map(({ start }) => start.slice(0, 10))).toEqual([
        '2026-11-23',
        '2026-11-24',
        '2026-11-25',
        '2026-11-26',
      ]);
      expect(() => orThrow({ targets: [report] })).toThrow('lost');
      pass({ minutes: 10 });
      expect((await calendar()).lost).toEqual([]);
    },
  );

  it('is not final: where a clock that was ahead wrote it, it is exported by the next run', async () => {
    const { calendar, time, rows, reported, stored } = await runningTarget({
      start_at: '2026-11-20T00:00:00Z',
    });
    await calendar({ enabled: true, max_attempts: 5 });
    time.now = at('2026-12-27T00:35:00Z');
    const ahead = await calendar();
    expect(ahead.lost.length).toBeGreaterThan(3);
    time.now = at('2026-11-27T00:35:00Z');
    const report = await calendar();
    expect(reported('coverage_reset')).toHaveLength(1);
    expect(report).toMatchObject({ failed: [], lost: [] });
    const covered = (await rows())
      .filter((row) => /published|confirmed/.test(row))
      .map((row) => row.split(' ')[0]);
    for (const day of days('11-20', '11-26')) expect(covered).toContain(day);
    time.now = at('2026-11-27T01:35:00Z');
    await calendar();
    expect((await stored())?.coveredUntil).toEqual(at('2026-11-27T00:00:00Z'));
  });
});

describe('a published window whose 30 days are over', () => {
  async function published(step: typeof LIST_DOWN | typeof NO_LIST | typeof UNLISTED) {
    const local = await runningTarget();
    local.emulator.setScenario({ steps: step === UNLISTED ? [step] : [] });
    await local.calendar();
    local.emulator.setScenario({ steps: step === UNLISTED ? [] : [step] });
    local.pass({ hours: 24 * 31 });
    return local;
  }

  it('while the list is down is neither final nor forgotten, and its failure is read when the list is back', async () => {
    const { calendar, emulator, stored, pass, reported, rows } = await published(LIST_DOWN);
    const [task] = emulator.tasks();
    emulator.failTask(task?.id ?? '', 'no space left');
    await calendar();
    expect((await stored())?.coveredUntil).toEqual(at('2026-11-22T00:00:00Z'));
    expect(reported('tasks_unknown')).toHaveLength(1);
    expect(reported('window_never_confirmed')).toEqual([]);
    emulator.setScenario({ steps: [] });
    pass({ minutes: 5 });
    const report = await calendar();
    expect(reported('task_failed')).toHaveLength(1);
    expect(report.lost).toContainEqual({ start: '2026-11-22T00:00:00Z', end: '2026-11-23T00:00:00Z' });
    expect((await rows())[0]).toBe('11-22/11-23 lost');
  });

  it.each([
    ['does not know its task', UNLISTED, /is not in Huawei's task list, although the list answers/],
    ['may not be asked', NO_LIST, /never said how task/],
  ])(
    'where the list %s is reported once as never confirmed, and then coverage passes it',
    async (_, step, why) => {
      const { calendar, sweep, stored, pass, reported, rows, entries } = await published(step);
      const report = await calendar();
      expect(reported('window_never_confirmed')).toHaveLength(1);
      expect(report.failed).toMatchObject([
        { kind: 'never_confirmed', window: { start: '2026-11-22T00:00:00Z' } },
      ]);
      expect(() => orThrow({ targets: [report] })).toThrow(why);
      expect((await stored())?.coveredUntil).not.toEqual(at('2026-11-22T00:00:00Z'));
      expect((await rows())[0]).toBe('11-22/11-23 published');
      expect((await entries())[0]).toMatchObject({ failureKind: 'never_confirmed' });
      pass({ minutes: 5 });
      expect((await sweep()).failed).toEqual([]);
      expect(reported('window_never_confirmed')).toEqual([]);
    },
  );
});
