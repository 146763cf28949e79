import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';
import { createScreen } from '../../../lib/cli/output/screen.ts';
import { printEvent } from '../../../lib/cli/views/events.ts';
import type { CoverageEvent, RunEvent } from '../../../lib/domain/exports/run-events.ts';
import { at } from '../../exports/running-target.ts';
import { settingsFolder } from '../../support/command/settings-folder.ts';
import { fakeTerminal } from '../../support/command/terminal.ts';

const NOW = '2026-11-23T00:35:00Z';
const start = at('2026-10-24T02:00:00Z');
const window = { start, end: start.add({ hours: 22 }) };
const QUIET = { unconfirmed: 0, longUnconfirmed: 0, atRisk: [], hoursLeft: 720 };
const assessed: CoverageEvent = { type: 'target_assessed', targetId: 'acme', ...QUIET };

function said(event: RunEvent): string {
  const stdout = new PassThrough();
  printEvent(createScreen({ stdout, stderr: new PassThrough() }, { json: false }), event);
  return String(stdout.read() ?? '');
}

it('a target with nothing at risk has no line: it would cry wolf each night', () => {
  expect(said(assessed)).toBe('');
});

it('what is at risk is a line that says how much, and how long it can be had', () => {
  expect(said({ ...assessed, atRisk: [window, window], hoursLeft: 1.42 })).toBe(
    '  ✗ acme  2 windows at risk: Huawei forgets the oldest in 1.4 h, before the next scheduled run\n',
  );
});

it('a word of the task list that this release does not know is a line that names it', () => {
  const why = 'Huawei\'s task list says "FAILED", which this release does not know';
  expect(said({ type: 'tasks_unclear', targetId: 'acme', windows: 1, why })).toBe(
    `  ! acme  the result of 1 published window is unknown: ${why}\n`,
  );
});

it('a run in which all is well is shown in these lines and no other', async () => {
  const { command, state } = await settingsFolder({});
  const { stdout } = await command('run', NOW);
  const [lines = ''] = stdout.split('\nThe message on the queue:');
  const days = 'acme 2026-11-22T00:00:00Z to 2026-11-23T00:00:00Z';
  const numbers = lines.replaceAll(/[0-9a-f]{32}/g, 'ID').replace(/\(\d+ ms\)/, '(N ms)');
  expect(numbers.split('\n')).toEqual([
    `Simulated clock: ${NOW}`,
    'Scheduled export of 1 target',
    '',
    `There is no state in ${state} yet: it is created now.`,
    '  · acme  first run with this state: coverage begins at 2026-11-22T00:00:00Z',
    `  ✓ ${days}  Huawei accepted it as task ID (N ms)`,
    `  ✓ ${days}  message ID is on the queue`,
    '',
    'Windows: 1 published, 0 already exported, 0 deferred, 0 failed.',
    '',
  ]);
});

it('a line is broken between words on a terminal, and not at all in a file', () => {
  const event = { ...assessed, targetId: 'acme-production', atRisk: [window, window], hoursLeft: 1.42 };
  expect(said(event).split('\n')).toHaveLength(2);
  const onTerminal = (columns: number) => {
    const { stream, shown } = fakeTerminal(columns);
    printEvent(createScreen({ stdout: stream, stderr: new PassThrough() }, { json: false }), event);
    return shown().map(stripVTControlCharacters);
  };
  expect(onTerminal(80)).toEqual([
    '  ✗ acme-production 2 windows at risk: Huawei forgets the oldest in 1.4 h,',
    '    before the next scheduled run',
    '',
  ]);
  expect(onTerminal(50)).toEqual([
    '  ✗ acme-production 2 windows at risk: Huawei',
    '    forgets the oldest in 1.4 h, before the next',
    '    scheduled run',
    '',
  ]);
  expect(onTerminal(200)).toHaveLength(2);
});

it('a line that fits a terminal stays as it is there', () => {
  const { stream, shown } = fakeTerminal();
  const screen = createScreen({ stdout: stream, stderr: new PassThrough() }, { json: false });
  printEvent(screen, {
    type: 'alert_unmatched',
    targetId: '_none',
    alertId: 'f-1',
    source: 'own',
    types: [],
    why: 'no rule matches it',
  });
  expect(shown().map(stripVTControlCharacters)).toContain(
    '  · _none  nothing is exported for alert f-1: no rule matches it',
  );
});

it('a long id of an alert is cut on a terminal, and is whole in a file', () => {
  const finding = '4eb1e2b3c4d5f6a7b8c9d0e1f2a3b4c5';
  const alertId = `arn:aws:guardduty:eu-central-1:111122223333:detector/12abc34d567e8fa9/finding/${finding}`;
  const event = { type: 'request_lost', targetId: 'acme', alertId, window, filters: {} } as const;
  const { stream, shown } = fakeTerminal();
  printEvent(createScreen({ stdout: stream, stderr: new PassThrough() }, { json: false }), event);
  expect(shown().map(stripVTControlCharacters).slice(0, 2)).toEqual([
    '  ✗ acme 2026-10-24T02:00:00Z to 2026-10-25T00:00:00Z is lost for alert',
    `    …/${finding}, all logins: Huawei keeps login records`,
  ]);
  const stdout = new PassThrough();
  printEvent(createScreen({ stdout, stderr: new PassThrough() }, { json: false }), event);
  expect(String(stdout.read())).toContain(`is lost for alert ${alertId}, all logins`);
});
