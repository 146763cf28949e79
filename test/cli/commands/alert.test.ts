import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { changed, fixture } from '../../support/alerts/sample-events.ts';
import { flat, LONG_ID, settingsFolder, tooLong } from '../../support/command/settings-folder.ts';

const NOW = '2026-11-22T10:20:00Z';
const FINDING = 'guardduty-iam-user';

async function setUp(settings: object = {}, rules: object[] = [{ id: 'all', match: {}, targets: ['acme'] }]) {
  const folder = await settingsFolder(settings);
  const alerts = join(folder.folder, 'alerts.yml');
  writeFileSync(alerts, stringify({ rules }));
  let events = 0;
  const eventFile = (event: unknown) => {
    events += 1;
    const file = join(folder.folder, `event-${events}.json`);
    writeFileSync(file, typeof event === 'string' ? event : JSON.stringify(event));
    return file;
  };
  const options = (event: unknown) => ['--alerts', alerts, '--event', eventFile(event)];
  const alert = (event: unknown, now = NOW, ...more: string[]) =>
    folder.command('alert', now, ...options(event), ...more);
  const plan = (event: unknown, now = NOW, ...more: string[]) =>
    folder.command('plan', now, ...options(event), ...more);
  const onInput = (name: string) => (input: string | Uint8Array) =>
    folder.piped(input, name, NOW, '--alerts', alerts, '--event', '-');
  return { ...folder, alert, plan, alertOn: onInput('alert'), planOn: onInput('plan') };
}

describe('alert', () => {
  it('exports what the finding was about up to now, and says what is to come', async () => {
    const { alert, emulator } = await setUp();
    const { status, stdout, stderr } = await alert(fixture(FINDING));
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(emulator.tasks().map(({ query }) => query.filters)).toEqual(
      expect.arrayContaining([{ public_ip: '198.51.100.7' }, { user_name: 'li.wei' }]),
    );
    expect(stdout).toContain('1 alert for 1 target.');
    for (const named of ['public_ip 198.51.100.7', 'user_name li.wei']) {
      expect(flat(stdout)).toMatch(new RegExp(`message \\w+ is on the queue, for logins with ${named}`));
      expect(flat(stdout)).toContain(
        `acme: due at 2026-11-22T12:00:00Z: the rest of 2026-11-22T07:41:12Z to 2026-11-22T10:34:55Z with ${named}`,
      );
    }
  });

  it.each(['alert', 'plan'])(
    'does without rules where their file is not there, as a deployed service does: %s',
    async (name) => {
      const { command, folder } = await setUp();
      const file = join(folder, 'event.json');
      writeFileSync(file, JSON.stringify(fixture(FINDING)));
      const { status, stdout, stderr } = await command(name, NOW, '--event', file);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(flat(stdout)).toContain(
        'There is no infra/settings/alerts.yml: only alerts that name their targets lead to exports.',
      );
    },
  );

  it('lets nobody steer the terminal who writes an alert', async () => {
    const { alert, plan } = await setUp();
    const evil = changed(changed(FINDING, 'detail.arn', undefined), 'detail.id', 'x\u001b[2J\u0007y');
    for (const command of [plan, alert]) {
      const { status, stdout } = await command(evil);
      expect(status).toBe(0);
      expect(stdout).toContain('[2J');
      expect(['\u001b', '\u0007'].filter((control) => stdout.includes(control))).toEqual([]);
    }
  });

  it('leaves the rest to the next run after it is due, and status shows it until then', async () => {
    const { alert, command, json, emulator } = await setUp();
    await alert(fixture(FINDING));
    const before = await command('status', NOW);
    expect(flat(before.stdout)).toContain(
      '◐ Alerts: 2 requests open, 2 exports published and not confirmed yet.',
    );
    expect(before.stdout).toContain('due at 2026-11-22T12:00:00Z: the rest of');
    await command('run', '2026-11-22T12:00:00Z');
    expect(emulator.tasks().filter(({ query }) => Object.keys(query.filters).length > 0)).toHaveLength(4);
    const { targets } = await json('status', '2026-11-22T12:05:00Z');
    expect(targets[0].alerts).toEqual({
      open: 2,
      needed: [],
      to_come: [],
      unconfirmed: 2,
      unconfirmed_since: null,
      exhausted: [],
      lost: [],
      unreadable: [],
      last_error: null,
    });
  });

  it('that came too late is in status for a week, with what it lost and nothing that is open', async () => {
    const { alert, command } = await setUp();
    await alert(fixture(FINDING), '2027-01-22T10:20:00Z');
    const { stdout } = await command('status', '2027-01-29T10:00:00Z');
    expect(flat(stdout)).toMatch(/✗ Lost: \S+ \S+ that alerts asked for/);
    expect(stdout).not.toContain('◐ Alerts');
    await command('run', '2027-01-29T10:35:00Z');
    expect((await command('status', '2027-01-29T10:35:00Z')).stdout).not.toContain('that alerts asked for');
  });

  it('says of one that comes again what of it was lost, and takes no two events', async () => {
    const { alert } = await setUp();
    const late = '2027-01-22T10:20:00Z';
    expect((await alert(fixture(FINDING), late)).status).toBe(1);
    const again = await alert(fixture(FINDING), late);
    expect(flat(again.stdout)).toMatch(/; \S+ \S+ of it are lost, as reported before/);
    const both = await alert(fixture(FINDING), late, '--event', 'another.json');
    expect(both.status).toBe(2);
    expect(flat(both.stderr)).toContain(
      'Invalid option for `login-export alert`: --event: was given more than once; give one value',
    );
  });

  it('of the same event again exports nothing more and says that it is covered', async () => {
    const { alert, emulator } = await setUp();
    await alert(fixture(FINDING));
    const { status } = await alert(fixture(FINDING), '2026-11-22T10:21:00Z');
    expect(status).toBe(0);
    expect(emulator.tasks()).toHaveLength(2);
  });

  it('with --at takes the alert for one that came then', async () => {
    const { alert, emulator } = await setUp();
    await alert(fixture(FINDING), '2026-11-22T12:00:00Z', '--at', '2026-11-22T10:00:00Z');
    expect(emulator.tasks().length).toBeGreaterThan(0);
    const wrong = await alert(fixture(FINDING), NOW, '--at', '2026-11-23T10:00:00Z');
    expect(wrong.status).toBe(2);
    expect(wrong.stderr).toContain('2026-11-23T10:00:00Z');
  });

  it('reads the event of standard input where it is called -', async () => {
    const { alertOn, emulator } = await setUp();
    const { status, stdout, stderr } = await alertOn(JSON.stringify(fixture(FINDING)));
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('1 alert for 1 target.');
    expect(emulator.tasks()).toHaveLength(2);
  });

  it.each([
    ['', 'Cannot read standard input: (the whole document): is empty; give the event on it'],
    ['{', 'Invalid event on standard input: line 1, column 2'],
    [Uint8Array.from([0x22, 0xff, 0x22]), 'Invalid event on standard input: line 1, column 2: is not UTF-8'],
    ['x'.repeat(16_000_001), 'has more than 16000000 bytes; give only the event'],
    [JSON.stringify(fixture(FINDING).detail), 'looks like a GuardDuty finding without its envelope'],
  ])('refuses standard input with what would be right: case %#', async (input, help) => {
    const { alertOn, planOn, state } = await setUp();
    for (const command of [alertOn, planOn]) {
      const { status, stderr } = await command(input);
      expect(status).toBe(2);
      expect(flat(stderr)).toContain(help);
    }
    expect(existsSync(join(state, 'state.sqlite'))).toBe(false);
  });

  it('says when no rule is for an alert, exports nothing and is content', async () => {
    const { alert, emulator } = await setUp({}, []);
    const { status, stdout } = await alert(fixture(FINDING));
    expect(status).toBe(0);
    expect(stdout).toContain('1 alert. No rule matches, so nothing is exported.');
    expect(emulator.tasks()).toEqual([]);
  });

  it('serves the findings of a list that can be read, names the others, and fails', async () => {
    const { alert, emulator } = await setUp();
    const [finding] = fixture('securityhub-asff').detail.findings;
    const two = changed('securityhub-asff', 'detail.findings', [finding, { ...finding, Id: 7 }]);
    const { status, stderr } = await alert(two);
    expect(status).toBe(2);
    expect(flat(stderr)).toContain('detail.findings[1].Id: must be text');
    expect(emulator.tasks().length).toBeGreaterThan(0);
  });

  it('tells of an export that failed, in status too, and ends with 1', async () => {
    const { alert, command, json, emulator } = await setUp();
    emulator.setScenario({ steps: [{ on: 'export', times: 'always', effect: { type: 'forbidden' } }] });
    const { status, stdout } = await alert(fixture(FINDING));
    expect(status).toBe(1);
    expect(stdout).toContain('refuses the export');
    expect(stdout).toContain('The next run or sweep orders again what failed.');
    const { stdout: shown } = await command('status', NOW);
    expect(flat(shown)).toContain('○ Alerts: 2 exports to order by the next run or sweep.');
    expect(tooLong(shown)).toEqual([]);
    const { targets } = await json('status', NOW);
    expect(targets[0].alerts.last_error).toMatchObject({ kind: 'refused' });
  });

  it.each([
    ['', '(the whole document): must be an object'],
    ['{"detail-type": "GuardDuty Finding"', 'line 1, column'],
    ['[]', 'The event is not one of the alert export'],
    [{ 'detail-type': 'Scheduled Event' }, 'must be one of "GuardDuty Finding"'],
    [{ follow_up: true, target_id: 'acme' }, 'The event is not one of the alert export'],
    [changed(FINDING, 'detail.severity', 'high'), 'detail.severity (line 1): must be'],
    [changed('login-export-requested', 'detail.target_ids', ['acm']), 'did you mean "acme"?'],
    [changed('login-export-requested', 'detail.to', '2026-11-22T05:00:00Z'), 'detail.to'],
  ])('refuses an event with the place and what would be right: case %#', async (event, help) => {
    const { alert, state } = await setUp();
    const { status, stderr } = await alert(event);
    expect(status).toBe(2);
    expect(flat(stderr)).toContain(help);
    expect(existsSync(join(state, 'state.sqlite'))).toBe(false);
  });

  it('refuses a file that is not there, and rules for targets that are not', async () => {
    const { command, alert } = await setUp({}, [{ id: 'r', match: {}, targets: ['acme-prod'] }]);
    expect((await alert(fixture(FINDING))).stderr).toContain('rules[0].targets[0]');
    const missing = await command('alert', NOW, '--event', 'no-such.json');
    expect(missing.status).toBe(2);
    expect((await command('alert', NOW)).stderr).toContain('--event: is missing; add --event <file>');
  });
});

describe('plan --event', () => {
  it('reads standard input where it is called -', async () => {
    const { plan, planOn } = await setUp();
    const piped = await planOn(JSON.stringify(fixture(FINDING)));
    expect(piped.status).toBe(0);
    expect(piped.stdout).toBe((await plan(fixture(FINDING))).stdout);
  });

  it('shows what alert would do, and leaves no trace', async () => {
    const { plan, state, emulator } = await setUp();
    const { status, stdout, stderr } = await plan(fixture(FINDING));
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(flat(stdout)).toContain('At once, 2 export calls: 2026-11-22T07:41:12Z to 2026-11-22T10:20:00Z');
    expect(flat(stdout)).toContain(
      'Not due yet; exported by the first run or sweep after the due time: due at 2026-11-22T12:00:00Z',
    );
    expect(tooLong(stdout)).toEqual([]);
    expect(existsSync(state)).toBe(false);
    expect(emulator.requests()).toEqual([]);
  });

  it('with --json is what alert then does', async () => {
    const { plan, alert, emulator } = await setUp();
    const [planned] = JSON.parse((await plan(fixture(FINDING), NOW, '--json')).stdout).targets;
    const told = JSON.parse((await alert(fixture(FINDING), NOW, '--json')).stdout);
    expect(emulator.tasks()).toHaveLength(planned.at_once.length);
    expect(told).toMatchObject({
      received: 1,
      unmatched: 0,
      runs: [{ published: 2, alerts: 1, coalesced: 0 }],
    });
    expect(planned).toMatchObject({ target_id: 'acme', tasks: [], lost: [], coalesced: 0 });
    expect(planned.open_requests).toHaveLength(2);
    const after = JSON.parse((await plan(fixture(FINDING), NOW, '--json')).stdout).targets[0];
    expect(after).toMatchObject({ at_once: [], tasks: expect.arrayContaining([expect.any(String)]) });
  });

  it('says what of it is lost, and fits the longest ids into 80 columns', async () => {
    const rules = [{ id: 'all', match: {}, targets: [LONG_ID] }];
    const { plan } = await setUp({ id: LONG_ID }, rules);
    const { status, stdout } = await plan(fixture(FINDING), '2027-01-22T10:20:00Z');
    expect(status).toBe(0);
    const lost =
      'Lost: 2026-11-22T07:41:12Z to 2026-11-22T10:34:55Z. Huawei keeps login records for 30 days.';
    expect(flat(stdout).split(lost)).toHaveLength(2);
    expect(tooLong(stdout)).toEqual([]);
  });

  it('lists of a storm the first and the last, and nothing twice', async () => {
    const { plan, alert, command } = await setUp();
    const [finding] = fixture('securityhub-asff').detail.findings;
    const findings = Array.from({ length: 30 }, (_, index) =>
      JSON.parse(
        JSON.stringify({ ...finding, Id: `f-${index}` }).replaceAll('198.51.100.7', `81.2.69.${index}`),
      ),
    );
    const storm = changed('securityhub-asff', 'detail.findings', findings);
    const planned = await plan(storm);
    expect(flat(planned.stdout)).toContain('For 30 alerts: f-0, f-1, f-2 and 27 more');
    expect(flat(planned.stdout)).toContain(
      "slot in this hour for 23 exports: they are joined, without the alerts' filters.",
    );
    const done = await alert(storm);
    expect(flat(done.stdout)).toContain('is on the queue, for all logins');
    for (const { stdout } of [planned, done, await command('status', NOW)]) {
      expect(flat(stdout).split('the rest of')).toHaveLength(1 + 5 + 2);
      expect(stdout).toContain('… 24 more');
      expect(flat(stdout).split('with user_name li.wei')).toHaveLength(2);
    }
  });

  it('lists as still to come only what is not due yet', async () => {
    const { plan, alert } = await setUp();
    for (const command of [plan, alert]) {
      const { stdout } = await command(fixture(FINDING), '2026-11-22T12:01:00Z');
      expect(stdout).not.toContain('Not due yet');
    }
  });

  it('does not go with --target', async () => {
    const { plan } = await setUp();
    const { status, stderr } = await plan(fixture(FINDING), NOW, '--target', 'acme');
    expect(status).toBe(2);
    expect(stderr).toContain('--target');
  });
});
