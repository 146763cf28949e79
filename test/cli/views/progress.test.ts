import { PassThrough } from 'node:stream';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it, vi } from 'vitest';
import { createScreen } from '../../../lib/cli/output/screen.ts';
import { createProgress } from '../../../lib/cli/views/progress.ts';
import { RefusedError } from '../../../lib/domain/errors.ts';
import { fakeTerminal } from '../../support/command/terminal.ts';
import { taskMessage } from '../../support/ledger/window-rows.ts';

const START = Temporal.Instant.from('2026-11-20T00:00:00Z');
const about = { targetId: 'acme', window: { start: START, end: START.add({ hours: 1 }) } };
const accepted = { type: 'window_accepted', ...about, taskId: 'task-1', callMilliseconds: 3 } as const;
const published = { type: 'window_published', ...about, message: taskMessage() } as const;
const failed = { type: 'window_failed', ...about, error: new RefusedError('Huawei says no.') } as const;
const planned = { type: 'target_planned', targetId: 'acme', windows: 4 } as const;

function onTerminal(columns?: number) {
  vi.stubEnv('NO_COLOR', '1');
  vi.stubEnv('FORCE_COLOR', undefined);
  const terminal = fakeTerminal(columns);
  const other = new PassThrough();
  const time = { now: 0 };
  const screen = createScreen({ stdout: terminal.stream, stderr: other }, { json: false });
  return { ...terminal, time, progress: createProgress(screen, () => time.now) };
}

describe('progress on a terminal', () => {
  it('is one line that is rewritten, with the rest of the time by the pace so far', () => {
    const { progress, time, shown, written } = onTerminal();
    progress.observe(planned);
    time.now = 1_500;
    progress.observe(accepted);
    progress.observe(published);
    expect(shown()).toEqual(['[#######-----------------------] 1/4 25%  2026-11-20T00:00:00Z  5 s left']);
    expect(written()).not.toContain('\n');
  });

  it('has trouble told in lines above it', () => {
    const { progress, shown } = onTerminal();
    progress.observe(planned);
    progress.observe(failed);
    progress.observe({ type: 'call_throttled', targetId: 'acme', waitMilliseconds: 2_000 });
    progress.print('A line.');
    expect(shown()).toEqual([
      '  ✗ acme 2026-11-20T00:00:00Z to 2026-11-20T01:00:00Z  Huawei says no.',
      '  ! acme  Huawei throttles; next try in 2.0 s',
      'A line.',
      expect.stringMatching(/^\[#+-+\] 1\/4 25%/),
    ]);
  });

  it('is gone when it ends, and never hid the cursor', () => {
    const { progress, shown, written } = onTerminal();
    progress.observe(planned);
    progress.observe(published);
    progress.end();
    expect(shown()).toEqual(['']);
    expect(written()).not.toContain('[?');
  });

  it('fits the terminal, also when that is made narrower', () => {
    const { progress, stream, shown } = onTerminal(120);
    progress.observe(planned);
    stream.columns = 40;
    progress.observe(published);
    expect(shown().at(-1)?.length).toBeLessThan(40);
    expect(shown().at(-1)).toMatch(/^\[#+-+\] 1\/4 25%/);
  });

  it('counts windows that come on top of those that were planned', () => {
    const { progress, shown } = onTerminal();
    progress.observe({ ...planned, windows: 1 });
    progress.observe(failed);
    progress.observe(published);
    expect(shown().at(-1)).toContain('2/2 100%');
  });
});

it('without a terminal there is a line for each window and for each trouble', () => {
  const stdout = new PassThrough();
  const screen = createScreen({ stdout, stderr: new PassThrough() }, { json: false });
  const progress = createProgress(screen);
  for (const event of [planned, accepted, published, failed]) progress.observe(event);
  progress.end();
  const lines = String(stdout.read()).trimEnd().split('\n');
  expect(lines.map((line) => line.trim().split('  ')[1])).toEqual([
    '4 windows to export',
    `message ${taskMessage().id} is on the queue`,
    'Huawei says no.',
  ]);
  expect(lines.join('')).not.toContain('\u001b');
  expect(lines.join('')).not.toContain('\r');
});
