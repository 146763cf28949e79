import { describe, expect, it } from 'vitest';
import { login } from '../../support/command/command-line.ts';

type Case = [argv: string[], subject: string, issue: { path: string; message: string; fix?: string }];

const RUN = 'Invalid option for `login-export run`:';

const CASES: Case[] = [
  [['run', '--foo'], RUN, { path: '--foo', message: 'is not an option of this command' }],
  [
    ['run', '--stat', 'x'],
    RUN,
    { path: '--stat', message: 'is not an option of this command', fix: 'did you mean --state?' },
  ],
  [
    ['run', '--at', "o'clock"],
    RUN,
    { path: '--at', message: '"o\'clock" is not valid', fix: expect.stringContaining('such as 2026-') },
  ],
  [['run', '--state'], RUN, { path: '--state', message: 'needs a value', fix: 'write --state <folder>' }],
  [
    ['run', '--target', 'a', '--target', 'b'],
    RUN,
    { path: '--target', message: 'was given more than once', fix: 'give one value' },
  ],
  [
    ['backfill', '--target', 'a', '--from', '2026-11-01T00:00:00Z', '--from', '2026-11-26T00:00:00Z'],
    'Invalid option for `login-export backfill`:',
    { path: '--from', message: 'was given more than once', fix: 'give one value' },
  ],
  [
    ['backfill'],
    'Invalid option for `login-export backfill`:',
    { path: '--target', message: 'is missing', fix: 'add --target <id>' },
  ],
  [
    ['plan', '--sweep', '--event', 'event.json'],
    'Invalid option for `login-export plan`:',
    { path: '--event', message: 'cannot be used with --sweep' },
  ],
  [
    ['run', 'acme'],
    'Invalid argument for `login-export run`:',
    { path: 'acme', message: 'is not an option, and this command takes only options' },
  ],
  [
    ['statsu'],
    'Invalid command for `login-export`:',
    { path: 'statsu', message: 'is not a command', fix: 'did you mean status?' },
  ],
  [
    ['--att'],
    'Invalid option for `login-export start`:',
    { path: '--att', message: 'is not an option of this command' },
  ],
];

describe('a wrong command line', () => {
  it.each(CASES)(
    '%j is one issue with its option, its command and what would be right',
    async (argv, subject, issue) => {
      const { status, stdout, stderr } = await login([...argv, '--json']);
      expect(status).toBe(2);
      const { error } = JSON.parse(stdout);
      expect(error).toMatchObject({ kind: 'input', issues: [issue] });
      expect(Object.keys(error.issues[0])).toEqual(Object.keys(issue));
      expect(error.message).toContain(subject);
      expect(stderr).toContain(`error ${subject}\n  ${issue.path}: ${issue.message}`);
    },
  );

  it('shows the usage of its command, and only on the screen', async () => {
    const { stdout, stderr } = await login(['queue', '--foo', '--json']);
    expect(stderr).toContain('\n\nUsage: login-export queue [options]\n');
    expect(stderr).toContain('--ack <handle>');
    expect(stdout).not.toContain('Usage:');
  });
});
