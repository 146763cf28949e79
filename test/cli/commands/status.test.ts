import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { flat, LONG_ID, settingsFolder, tooLong } from '../../support/command/settings-folder.ts';

const FORBIDDEN = { type: 'forbidden' } as const;

describe('status', () => {
  it('without any state says so, and lists the targets as never run', async () => {
    const { command, json, state } = await settingsFolder({});
    const { status, stdout, stderr } = await command('status', '2026-11-23T00:35:00Z');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout.split('\n')).toContain('Status at 2026-11-23T00:35:00Z');
    expect(flat(stdout)).toContain('no run has used this folder');
    expect(stdout).toContain('No run yet; the first run sets where coverage begins.');
    expect(await json('status', '2026-11-23T00:35:00Z')).toEqual({
      targets: [
        {
          target_id: 'acme',
          covered_from: null,
          covered_until: null,
          pending: [],
          gaps: [],
          at_risk: [],
          lost: [],
          orphans: [],
          last_error: null,
          hours_left: null,
          exhausted: [],
          not_recorded: [],
          never_confirmed: [],
          open_backfills: [],
          other_project: [],
          clock_offset_seconds: null,
          unconfirmed: 0,
          unconfirmed_since: null,
          unconfirmed_reasons: [],
          alerts: null,
        },
      ],
    });
    expect(existsSync(state)).toBe(false);
  });

  it('shows a day each by the worst state in it, and the dates of both ends', async () => {
    const { command, emulator } = await settingsFolder({ start_at: '2026-11-10T12:00:00Z' });
    await command('run', '2026-11-15T00:35:00Z');
    await command('run', '2026-11-17T00:35:00Z');
    emulator.setScenario({ steps: [{ on: 'export', times: 'always', effect: FORBIDDEN }] });
    await command('run', '2026-11-20T00:35:00Z');
    const { stdout } = await command('status', '2026-11-20T00:35:00Z');
    const [strip, dates] = linesAfter(stdout, 'acme');
    expect(strip).toBe('  ····················●●●●●●●○○○-');
    expect(dates).toBe('  2026-10-21           2026-11-20  days of UTC');
    expect(stdout).toContain('Covered from 2026-11-10T12:00:00Z until 2026-11-17T00:00:00Z.');
    expect(stdout).toContain('○ Gaps: 3 days are due');
    expect(stdout).not.toContain('Interrupted backfill');
    expect(stdout).toContain('2026-11-17T00:00:00Z to 2026-11-20T00:00:00Z');
    expect(stdout).toContain('Last error (refused');
    expect(stdout).toContain(
      '● confirmed  ◐ pending  ○ gap  ! at risk  ✗ lost  · before coverage  - not due',
    );
  });

  it('after 40 missed days shows what is lost and what is at risk, and agrees with the run', async () => {
    const { command, json } = await settingsFolder({});
    await command('run', '2026-11-23T00:35:00Z');
    await command('run', '2026-11-23T01:35:00Z');
    const now = '2027-01-02T00:35:30Z';
    const before = await command('status', now);
    expect(linesAfter(before.stdout, 'acme')[0]).toBe(`  ✗!${'○'.repeat(28)}-`);
    expect(flat(before.stdout)).toContain(
      '! At risk: 47.3 h not exported, which Huawei begins to forget before the next scheduled run.',
    );
    expect(before.stdout).toContain('2026-12-03T00:41:00Z to 2026-12-05T00:00:00Z  5 min left');
    expect(before.stdout).toMatch(/The next run records\s+10 days of this/);
    const planned = await json('plan', now);
    expect((await command('run', now)).status).toBe(1);
    const after = await command('status', now);
    expect(after.status).toBe(0);
    expect(linesAfter(after.stdout, 'acme')[0]).toBe(`  ✗${'◐'.repeat(29)}-`);
    expect((await json('status', now)).targets).toMatchObject([
      {
        covered_from: '2026-11-22T00:00:00Z',
        covered_until: planned.targets[0].lost[0].end,
        lost: planned.targets[0].lost,
        pending: [{ start: planned.targets[0].lost[0].end, end: '2027-01-02T00:00:00Z' }],
        gaps: [],
        at_risk: [],
        not_recorded: [],
        unconfirmed: 30,
      },
    ]);
  });

  it('counts days in the zone of the windows, over a change of the clocks', async () => {
    const window = { every: 'PT15M', time_zone: 'Europe/Berlin', delay: 'PT0S' };
    const { command } = await settingsFolder({ window, start_at: '2026-10-24T20:00:00Z' });
    await command('run', '2026-10-25T01:00:00Z');
    const { stdout } = await command('status', '2026-10-26T12:00:00Z');
    const [strip, dates] = linesAfter(stdout, 'acme');
    expect(strip?.endsWith('·◐○○')).toBe(true);
    expect(strip).toHaveLength(2 + 31);
    expect(dates).toBe('  2026-09-26           2026-10-26  days of Europe/Berlin');
    expect(stdout).toContain('2026-10-25T02:00:00+01:00 to 2026-10-26T13:00:00+01:00');
  });

  it('takes a day for that of the zone, not for that of UTC', async () => {
    const window = { every: 'PT6H', time_zone: 'America/Lima', delay: 'PT0S' };
    const { command } = await settingsFolder({ window });
    await command('run', '2026-11-23T05:00:00Z');
    const { stdout } = await command('status', '2026-11-23T05:00:00Z');
    expect(linesAfter(stdout, 'acme')[0]?.slice(-3)).toBe('·◐-');
  });

  it('shows a day that is partly exported and partly not as a gap, and one that has just started as not due', async () => {
    const window = { every: 'PT6H', delay: 'PT30M' };
    const { command } = await settingsFolder({ window });
    await command('run', '2026-11-23T13:00:00Z');
    await command('run', '2026-11-23T14:00:00Z');
    const ends = async (now: string) =>
      linesAfter((await command('status', now)).stdout, 'acme')[0]?.slice(-3);
    expect(await ends('2026-11-23T18:00:00Z')).toBe('··●');
    expect(await ends('2026-11-23T18:30:00Z')).toBe('··○');
    expect(await ends('2026-11-24T00:10:00Z')).toBe('·○-');
  });

  it('fits 80 columns, whatever is wrong', async () => {
    const zone = 'America/Argentina/ComodRivadavia';
    const { command, emulator } = await settingsFolder(
      { id: LONG_ID, window: { every: 'PT12H', time_zone: zone }, max_attempts: 1 },
      { id: `${LONG_ID.slice(1)}2`, schedule: 'rate(30 days)' },
    );
    const broken = { type: 'fail_task', reason: `磁盘已满 ${'x'.repeat(200)}` } as const;
    await command('run', '2026-11-23T03:35:00Z');
    for (let day = 4; day < 30; day += 1) {
      emulator.setScenario({ steps: day % 2 === 0 ? [{ on: 'export', times: 2, effect: broken }] : [] });
      await command('run', `2026-12-${String(day).padStart(2, '0')}T03:35:00Z`);
    }
    const { stdout } = await command('status', '2027-02-01T00:35:00Z');
    expect(tooLong(stdout)).toEqual([]);
    expect(stdout).toContain(`\n${LONG_ID}\n`);
    expect(stdout).toContain('✗ Lost permanently');
    const { stdout: later } = await command('status', '2026-12-30T12:35:00Z');
    expect(tooLong(later)).toEqual([]);
    expect(later).toContain('○ Exhausted');
    expect(later).toContain('! At risk');
    expect(later).toContain('Last error');
    expect(later).toMatch(/… \d+ more/);
  });

  it.each(['2000-01-01T00:00:00Z', '2026-10-01T00:00:00Z', '2199-12-31T23:59:59Z'])(
    'can be asked for any time: %s',
    async (now) => {
      const { command } = await settingsFolder({ window: { every: 'PT15M', time_zone: 'Asia/Kathmandu' } });
      await command('run', '2026-11-23T00:35:00Z');
      const { status, stdout } = await command('status', now);
      expect(status).toBe(0);
      expect(tooLong(stdout)).toEqual([]);
      expect(linesAfter(stdout, 'acme')[0]?.trim()).toMatch(/^[·-]{30,32}$|^✗!+$/);
    },
  );

  it('says what is unconfirmed for more than a day, and names a window with an orphan', async () => {
    const { command, json, emulator } = await settingsFolder({});
    emulator.setScenario({
      steps: [
        { on: 'export', effect: { type: 'wrong_json' } },
        { on: 'tasks', times: 'always', effect: FORBIDDEN },
      ],
    });
    await command('run', '2026-11-23T00:35:00Z');
    await command('run', '2026-11-23T01:35:00Z');
    const now = '2026-11-25T03:35:00Z';
    await command('run', now);
    const { stdout } = await command('status', now);
    expect(stdout).toMatch(/Unconfirmed for more than a day: 1 window \(the first/);
    expect(stdout).toContain('see login-export doctor');
    expect(stdout).toMatch(/Orphans: .*\n.*\n\s+2026-11-22T00:00:00Z to 2026-11-23T00:00:00Z/);
    expect((await json('status', now)).targets).toMatchObject([
      {
        unconfirmed: 3,
        unconfirmed_since: expect.stringMatching(/^2026-11-23T01:35:/),
        orphans: [expect.anything()],
      },
    ]);
  });

  it('says of what is unconfirmed what the task list said, with the oldest first', async () => {
    const { command, json, emulator } = await settingsFolder({ start_at: '2026-11-18T00:00:00Z' });
    const unlisted = (task_id: string) =>
      ({ on: 'export', effect: { type: 'export_reply', task_id } }) as const;
    emulator.setScenario({ steps: ['a', 'b', 'c', 'd', 'e'].map((letter) => unlisted(`task-${letter}`)) });
    await command('run', '2026-11-23T00:35:00Z');
    expect(await command('run', '2026-11-24T03:35:00Z')).toMatchObject({ status: 1 });
    const screen = flat((await command('status', '2026-11-24T03:40:00Z')).stdout);
    const since = /published at (2026-11-23T00:35:\d\dZ)/.exec(screen)?.[1];
    const rest = (deadline: string) =>
      `although the list answers. The export was published at ${since}, and nobody knows whether its file is complete. Check ` +
      `that whoever reads the queue has fetched it; Huawei begins to forget the records at ${deadline}.`;
    expect(screen).toContain(
      `◐ Unconfirmed for more than a day: 5 windows (the first published at ${since}). ` +
        "2026-11-18T00:00:00Z to 2026-11-19T00:00:00Z: Task task-b is not in Huawei's task list, " +
        `${rest('2026-12-18T00:00:00Z')} 2026-11-19T00:00:00Z to 2026-11-20T00:00:00Z: Task task-c`,
    );
    expect(screen).toContain(`${rest('2026-12-20T00:00:00Z')} And 2 more.`);
    expect(screen).not.toContain('There was no run since');
    const reasons = (await json('status', '2026-11-24T03:40:00Z')).targets[0].unconfirmed_reasons;
    expect(reasons).toHaveLength(5);
    expect(reasons[0]).toEqual({
      kind: 'unconfirmed',
      message: `Task task-b is not in Huawei's task list, ${rest('2026-12-18T00:00:00Z')}`,
      at: expect.stringMatching(/^2026-11-24T03:35:/),
      window: { start: '2026-11-18T00:00:00Z', end: '2026-11-19T00:00:00Z' },
    });
  });

  it('shows the other targets where the row of one cannot be read, and fails', async () => {
    const folder = await settingsFolder({});
    folder.writeTargets([{ id: 'acme' }, { id: 'other' }]);
    await folder.command('run', '2026-11-23T00:35:00Z');
    const database = new DatabaseSync(join(folder.state, 'state.sqlite'));
    database.exec("UPDATE targets SET document = '{' WHERE target_id = 'acme'");
    database.close();
    const { status, stdout } = await folder.command('status', '2026-11-23T00:40:00Z');
    expect(status).toBe(1);
    expect(flat(stdout)).toContain('acme Could not read target acme');
    expect(linesAfter(stdout, 'other')[0]).toMatch(/◐/);
    const { targets } = await folder.json('status', '2026-11-23T00:40:00Z');
    expect(targets).toMatchObject([
      { target_id: 'acme', error: { kind: 'infrastructure' } },
      { target_id: 'other', covered_until: expect.any(String) },
    ]);
  });

  it('says when the settings name another project, and in what', async () => {
    const folder = await settingsFolder({});
    await folder.command('run', '2026-11-23T00:35:00Z');
    folder.writeTargets([{ region: 'ap-southeast-9' }]);
    const now = '2026-11-23T00:40:00Z';
    const { status, stdout } = await folder.command('status', now);
    expect(status).toBe(0);
    expect(flat(stdout)).toContain(
      '! The settings name another project than the ledger. No run exports anything for this target. Another project needs another id: region is ap-southeast-9, and the windows are of ap-southeast-3',
    );
    expect((await folder.json('status', now)).targets[0].other_project).toEqual([
      { path: 'region', message: 'is ap-southeast-9, and the windows are of ap-southeast-3' },
    ]);
    expect(await folder.command('run', now)).toMatchObject({ status: 2 });
  });

  it('names a clock that was off at the last run, and allows for it, as the doctor says', async () => {
    const { real, time, folder } = await settingsFolder({});
    const ourNow = Temporal.Now.instant();
    time.now = ourNow.subtract({ hours: 50, seconds: 30 });
    expect(flat((await real('run')).stdout)).toContain(
      "the clock of this machine is 2 d 2 h ahead of Huawei's; the run goes by Huawei's. Set it (NTP)",
    );
    const { status, stdout } = await real('status');
    expect(status).toBe(0);
    expect(flat(stdout)).toContain(
      "! In the last run, the clock of the machine was 2 d 2 h ahead of Huawei's. Runs use Huawei's time. This status corrects the machine's time by that offset",
    );
    const secrets = ['--secrets', join(folder, 'secrets.json')];
    expect(flat((await real('doctor', ...secrets)).stdout)).toContain(
      'What status and plan show goes by this one too, but allows for the offset that the last run found, if that was more than five minutes.',
    );
    // By our clock two more days would be due.
    expect(flat(stdout)).not.toContain('○ Gaps');
    const [target] = JSON.parse((await real('status', '--json')).stdout).targets;
    expect(target.clock_offset_seconds).toBeGreaterThanOrEqual(50 * 3600 + 30);
    expect(target.clock_offset_seconds).toBeLessThan(50 * 3600 + 330);
    expect(flat((await real('plan')).stdout)).toMatch(
      /for .* would do\..* corrects the time by the offset of that run/,
    );
    const plan = JSON.parse((await real('plan', '--json')).stdout).targets[0];
    expect(plan.clock_offset_seconds).toBe(target.clock_offset_seconds);
    time.now = ourNow.add({ hours: 30 });
    await real('run');
    expect(flat((await real('status')).stdout)).toMatch(
      /In the last run, the clock of the machine was 1 d [56] h behind Huawei's/,
    );
  });

  it('lists what was never confirmed once its 30 days are over', async () => {
    const { command, json, emulator } = await settingsFolder({});
    emulator.setScenario({ steps: [{ on: 'tasks', times: 'always', effect: FORBIDDEN }] });
    await command('run', '2026-11-23T00:35:00Z');
    await command('run', '2026-12-24T00:35:00Z');
    const screen = flat((await command('status', '2026-12-24T00:40:00Z')).stdout);
    expect(screen).toContain(
      '◐ Never confirmed: 24 h. The result of these exports is unknown, and Huawei no longer has the records. Check that the consumer of the queue has fetched the files: 2026-11-22T00:00:00Z to 2026-11-23T00:00:00Z',
    );
    expect((await json('status', '2026-12-24T00:40:00Z')).targets[0].never_confirmed).toEqual([
      { start: '2026-11-22T00:00:00Z', end: '2026-11-23T00:00:00Z' },
    ]);
  });

  it('lists all that an interrupted backfill has left, apart from what runs order', async () => {
    const { command, json, emulator } = await settingsFolder({});
    await command('run', '2026-11-23T00:35:00Z');
    emulator.setScenario({
      steps: [
        { on: 'export', times: 2, effect: { type: 'pass' } },
        { on: 'export', times: 'always', effect: FORBIDDEN },
      ],
    });
    const range = ['--target', 'acme', '--from', '2026-11-10T00:00:00Z', '--to', '2026-11-16T00:00:00Z'];
    await command('backfill', '2026-11-23T00:40:00Z', ...range);
    const now = '2026-11-23T00:45:00Z';
    const screen = flat((await command('status', now)).stdout);
    expect(screen).toContain(
      '○ Interrupted backfill: 4 days are not exported; to continue, run the same login-export backfill again: 2026-11-12T00:00:00Z to 2026-11-16T00:00:00Z',
    );
    expect(screen).not.toContain('the next run orders them');
    const [target] = (await json('status', now)).targets;
    expect(target.open_backfills).toEqual([{ start: '2026-11-10T00:00:00Z', end: '2026-11-16T00:00:00Z' }]);
    emulator.setScenario({ steps: [] });
    await command('backfill', now, ...range);
    expect((await json('status', now)).targets[0].open_backfills).toEqual([]);
    expect(flat((await command('status', now)).stdout)).not.toMatch(/interrupted/i);
  });

  it('says what start_at asks for and Huawei no longer had, as no loss', async () => {
    const { command, json } = await settingsFolder({ start_at: '2026-10-01T00:00:00Z' });
    const run = await command('run', '2026-11-23T00:35:00Z');
    expect(run.status).toBe(0);
    const { stdout } = await command('status', '2026-11-23T00:40:00Z');
    expect(flat(stdout)).toMatch(
      /start_at is before the oldest records that Huawei had when coverage began. Not exported: 2026-10-01T00:00:00Z to 2026-10-24T00:41:00Z/,
    );
    expect(stdout).not.toContain('Lost');
    expect((await json('status', '2026-11-23T00:40:00Z')).targets[0].lost).toEqual([]);
  });

  it('lists what was exhausted as that, and not as what the next run orders', async () => {
    const { command, emulator } = await settingsFolder({ max_attempts: 1 });
    const effect = { type: 'fail_task', reason: 'disk full' } as const;
    emulator.setScenario({ steps: [{ on: 'export', times: 'always', effect }] });
    await command('run', '2026-11-23T00:35:00Z');
    await command('run', '2026-11-23T01:35:00Z');
    const screen = flat((await command('status', '2026-11-23T02:00:00Z')).stdout);
    expect(screen).toContain(
      '○ Exhausted: 24 h. Huawei accepted 1 export of each window, and all of them failed. Runs order another once max_attempts is raised',
    );
    expect(screen).not.toContain('the next run orders them');
  });

  it('leaves out what is not enabled unless it is named', async () => {
    const { command, json } = await settingsFolder({}, { id: 'off', enabled: false });
    const ids = async (...more: string[]) =>
      (await json('status', '2026-11-23T00:35:00Z', ...more)).targets.map(
        ({ target_id }: { target_id: string }) => target_id,
      );
    expect(await ids()).toEqual(['acme']);
    expect(await ids('--target', 'off')).toEqual(['off']);
    expect(flat((await command('status', '2026-11-23T00:35:00Z', '--target', 'off')).stdout)).toContain(
      'is not enabled',
    );
    const { status, stderr } = await command('status', '2026-11-23T00:35:00Z', '--target', 'acm');
    expect(status).toBe(2);
    expect(stderr).toContain('did you mean "acme"?');
  });
});

/** The two lines of days below a target's name. */
function linesAfter(screen: string, id: string): string[] {
  const lines = screen.split('\n');
  return lines.slice(lines.indexOf(id) + 1).slice(0, 2);
}
