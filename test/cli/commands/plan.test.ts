import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { flat, LONG_ID, settingsFolder, tooLong } from '../../support/command/settings-folder.ts';

const BERLIN = { window: { time_zone: 'Europe/Berlin', overlap: 'PT10M' } };

describe('plan', () => {
  it('shows what the first run would do, and leaves no trace', async () => {
    const { command, state, emulator } = await settingsFolder(BERLIN);
    const { status, stdout, stderr } = await command('plan', '2026-11-23T00:35:00Z');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('nothing is changed, and Huawei is not called');
    expect(stdout).toMatch(/No run yet.*\s+2026-11-22T00:00:00\+01:00/);
    expect(stdout).toContain('1 window to export: 1 export call.');
    expect(stdout).toContain('login_start_time 2026-11-21T22:50:00Z');
    expect(existsSync(state)).toBe(false);
    expect(emulator.requests()).toEqual([]);
  });

  it('with --json prints one document: the windows, what would be sent, and what else would happen', async () => {
    const { json } = await settingsFolder({ ...BERLIN, start_at: '2026-11-20T23:00:00Z' });
    expect(await json('plan', '2026-11-23T00:35:00Z')).toEqual({
      targets: [
        {
          target_id: 'acme',
          windows: [
            {
              start: '2026-11-21T23:00:00Z',
              end: '2026-11-22T23:00:00Z',
              reason: 'routine',
              login_start_time: '2026-11-21T22:50:00Z',
              login_end_time: '2026-11-22T23:00:00Z',
              at_risk: false,
            },
            {
              start: '2026-11-20T23:00:00Z',
              end: '2026-11-21T23:00:00Z',
              reason: 'catch-up',
              login_start_time: '2026-11-20T22:50:00Z',
              login_end_time: '2026-11-21T23:00:00Z',
              at_risk: false,
            },
          ],
          publish: [],
          lost: [],
          leased: [],
          exhausted: [],
          confirm: 0,
          first_run_covered_from: '2026-11-20T23:00:00Z',
        },
      ],
    });
  });

  it('of 40 missed days names what the run then publishes and records, and changes no byte', async () => {
    const { command, json, state } = await settingsFolder({});
    await command('run', '2026-11-23T00:35:00Z');
    await command('run', '2026-11-23T01:35:00Z');
    const now = '2027-01-02T00:35:30Z';
    const before = bytesOf(state);
    const [planned] = (await json('plan', now)).targets;
    await command('plan', now);
    expect(bytesOf(state)).toEqual(before);
    const { runs, messages } = await json('run', now);
    expect(planned.windows).toHaveLength(30);
    expect(messages.map(windowOf)).toEqual(planned.windows.map(windowOfPlan));
    expect(runs[0].lost.at(0).start).toBe(planned.lost[0].start);
    expect(runs[0].lost.at(-1).end).toBe(planned.lost[0].end);
    expect((await json('plan', now)).targets).toMatchObject([{ windows: [], lost: [], publish: [] }]);
  });

  it('fits 80 columns and shortens what is long, in a zone with an offset and with an id of 63 characters', async () => {
    const settings = { id: LONG_ID, start_at: '2026-10-01T00:00:00Z' };
    const { command } = await settingsFolder(
      { ...settings, window: { every: 'PT15M', time_zone: 'Asia/Kathmandu' } },
      { start_at: '2026-10-24T12:00:00Z', schedule: 'rate(30 days)', ...BERLIN },
    );
    const { stdout } = await command('plan', '2026-11-23T00:35:00Z');
    expect(tooLong(stdout)).toEqual([]);
    expect(stdout).toContain(`\n${LONG_ID}\n`);
    expect(stdout).toMatch(/… 2\d\d\d more/);
    expect(stdout).toContain('! 5 min');
    expect(flat(stdout)).toMatch(/At risk: 97 windows. Huawei begins to forget the oldest in 5 min;/);
    // What lies before the first run's retention was never covered, so it is no loss.
    expect(stdout).not.toContain('Lost');
    expect(stdout.split('\n').length).toBeLessThan(90);
  });

  it('of a sweep has what was due at the latest firing, and nothing that became due since', async () => {
    const { command, json, emulator } = await settingsFolder({ window: { every: 'PT6H' } });
    emulator.setScenario({ steps: [{ on: 'export', times: 'always', effect: { type: 'forbidden' } }] });
    await command('run', '2026-11-23T00:35:00Z');
    const starts = async (...more: string[]) =>
      (await json('plan', '2026-11-23T13:00:00Z', ...more)).targets[0].windows.map(
        ({ start }: { start: string }) => start,
      );
    expect(await starts('--sweep')).toEqual(['2026-11-22T18:00:00Z']);
    expect(await starts()).toEqual(['2026-11-23T06:00:00Z', '2026-11-22T18:00:00Z', '2026-11-23T00:00:00Z']);
  });

  it('says that a target begins later, or that there is nothing to do', async () => {
    const { command } = await settingsFolder({ id: 'later', start_at: '2026-12-01T00:00:00Z' }, {});
    await command('run', '2026-11-23T00:35:00Z', '--target', 'acme');
    const { stdout } = await command('plan', '2026-11-23T00:35:00Z');
    expect(flat(stdout)).toContain('coverage begins at 2026-12-01T00:00:00Z, as start_at says');
    expect(stdout).toContain('No window to export: every due window has a task.');
    expect(flat(stdout)).toContain("look up 1 published window in Huawei's task list");
  });

  it('says what start_at asks for and Huawei no longer has, which is no loss', async () => {
    const { command, json } = await settingsFolder({ start_at: '2026-10-01T00:00:00Z' });
    const now = '2026-11-23T00:35:30Z';
    const { stdout } = await command('plan', now);
    expect(flat(stdout)).toContain('would set where coverage begins: at 2026-10-24T00:41:00Z.');
    expect(flat(stdout)).toContain(
      'Huawei no longer has 2026-10-01T00:00:00Z to 2026-10-24T00:41:00Z, which start_at asks for: coverage begins after it.',
    );
    expect(tooLong(stdout)).toEqual([]);
    expect((await json('plan', now)).targets[0]).toMatchObject({
      lost: [],
      first_run_covered_from: '2026-10-24T00:41:00Z',
      before_retention: { start: '2026-10-01T00:00:00Z', end: '2026-10-24T00:41:00Z' },
    });
    await command('run', now);
    expect((await json('plan', now)).targets[0]).not.toHaveProperty('before_retention');
  });

  it('takes a time up to five minutes ahead, as run does', async () => {
    const { command } = await settingsFolder({});
    const plan = (at: string) => command('plan', '2026-11-23T00:35:00Z', '--at', at);
    expect((await plan('2026-11-23T00:39:59Z')).status).toBe(0);
    expect((await plan('2026-11-23T00:41:00Z')).stderr).toContain('which is in the future');
  });

  it.each([
    [['--target', 'acm'], 'did you mean "acme"?'],
    [['--at', '2027-01-01T00:00:00Z'], 'which is in the future'],
  ])('refuses what run refuses: %j', async (words, help) => {
    const { command } = await settingsFolder({});
    const { status, stderr } = await command('plan', '2026-11-23T00:35:00Z', ...words);
    expect(status).toBe(2);
    expect(stderr).toContain(help);
  });
});

function bytesOf(state: string): Record<string, string> {
  const names = readdirSync(state).sort();
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(state, name), 'base64')]));
}

type Message = {
  data: {
    window: object;
    reason: string;
    request: { login_start_time: string; login_end_time: string };
  };
};

function windowOf({ data: { window, reason, request } }: Message) {
  const { login_start_time, login_end_time } = request;
  return { ...window, reason, login_start_time, login_end_time };
}

function windowOfPlan({ at_risk: _, ...window }: { at_risk: boolean }) {
  return window;
}
