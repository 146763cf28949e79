import { describe, expect, it } from 'vitest';
import { settingsFolder } from '../../support/command/settings-folder.ts';

const NOW = '2026-11-23T00:35:00Z';

describe('a run for which no target is enabled', () => {
  it('is a matter of settings', async () => {
    const { command, folder } = await settingsFolder({ enabled: false }, { id: 'other', enabled: false });
    for (const more of [[], ['--sweep']]) {
      const { status, stderr } = await command('run', NOW, ...more);
      expect([status, stderr]).toEqual([
        2,
        `error Nothing is exported:\n  ${folder}/targets.yml: has no target that is enabled: set enabled: true of one, or leave it out\n`,
      ]);
    }
  });

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
  const begins = 'acme  the state knew nothing of it: coverage begins at 2026-11-22T00:00:00Z';

  it('is said by the first run, and by one whose --state is mistyped', async () => {
    const { command, state } = await settingsFolder({});
    const first = await command('run', NOW);
    expect(first.stdout).toContain(`No state yet in ${state}: it is made there.`);
    expect(first.stdout).toContain(begins);
    const second = await command('run', '2026-11-23T00:40:00Z');
    expect(second.stdout).not.toMatch(/No state yet|coverage begins/);
    const other = await command('run', '2026-11-23T00:45:00Z', '--state', `${state}-`);
    expect(other.stdout).toContain(`No state yet in ${state}-: it is made there.`);
    expect(other.stdout).toContain(begins);
  });

  it('is said of a new target in a state that is there', async () => {
    const { command, writeTargets } = await settingsFolder({});
    await command('run', NOW);
    writeTargets([{}, { id: 'other' }]);
    const { stdout } = await command('run', '2026-11-23T00:40:00Z');
    expect(stdout).toContain('other  the state knew nothing of it: coverage begins at 2026-11-22T00:00:00Z');
    expect(stdout).not.toMatch(/No state yet|acme {2}the state/);
  });
});
