import { describe, expect, it } from 'vitest';
import { settingsFolder } from '../../support/command/settings-folder.ts';

const NOW = '2026-11-23T00:35:00Z';

describe('a command for which no target is enabled', () => {
  it.each([['run'], ['run', '--sweep'], ['plan'], ['status'], ['doctor']])(
    'is a matter of settings: %s %s',
    async (name, ...more) => {
      const { command, folder } = await settingsFolder({ enabled: false }, { id: 'other', enabled: false });
      const { status, stderr } = await command(name, NOW, ...more);
      expect([status, stderr]).toEqual([
        2,
        `error Nothing to export:\n  ${folder}/targets.yml: has no enabled target; set enabled: true for a target\n`,
      ]);
    },
  );

  it('but for one of many says nothing of those that are off', async () => {
    const { command } = await settingsFolder({}, { id: 'other', enabled: false });
    const { status, stdout } = await command('run', NOW);
    expect(status).toBe(0);
    expect(stdout).not.toContain('other');
  });
});

describe('a run for a time', () => {
  it('names it', async () => {
    const { command } = await settingsFolder({});
    expect((await command('run', NOW, '--at', '2026-11-23T00:30:00Z')).stdout).toContain(
      'Scheduled export of 1 target for 2026-11-23T00:30:00Z\n',
    );
    expect((await command('run', NOW, '--sweep')).stdout).toContain('Sweep of 1 target\n');
  });
});

describe('where coverage begins', () => {
  const begins = 'acme  first run with this state: coverage begins at 2026-11-22T00:00:00Z';

  it('is said by the first run, and by one whose --state is mistyped', async () => {
    const { command, state } = await settingsFolder({});
    const first = await command('run', NOW);
    expect(first.stdout).toContain(`There is no state in ${state} yet: it is created now.`);
    expect(first.stdout).toContain(begins);
    const second = await command('run', '2026-11-23T00:40:00Z');
    expect(second.stdout).not.toMatch(/There is no state|coverage begins/);
    const other = await command('run', '2026-11-23T00:45:00Z', '--state', `${state}-`);
    expect(other.stdout).toContain(`There is no state in ${state}- yet: it is created now.`);
    expect(other.stdout).toContain(begins);
  });

  it('is said of a new target in a state that is there', async () => {
    const { command, writeTargets } = await settingsFolder({});
    await command('run', NOW);
    writeTargets([{}, { id: 'other' }]);
    const { stdout } = await command('run', '2026-11-23T00:40:00Z');
    expect(stdout).toContain('other  first run with this state: coverage begins at 2026-11-22T00:00:00Z');
    expect(stdout).not.toMatch(/There is no state|acme {2}first run/);
  });
});
