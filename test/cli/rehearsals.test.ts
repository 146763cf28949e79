import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { fixture } from '../support/alerts/sample-events.ts';
import { settingsFolder } from '../support/command/settings-folder.ts';

// `--now` is for rehearsals: real runs and rehearsals never write to one state.

const WRITERS = ['run', 'backfill', 'alert'];
const NOW = '2026-11-23T00:35:00Z';
const RANGE = ['--target', 'acme', '--from', '2026-11-21T00:00:00Z', '--to', '2026-11-22T00:00:00Z'];

async function setUp() {
  const local = await settingsFolder({});
  const [alerts, event] = ['alerts.yml', 'event.json'].map((name) => join(local.folder, name));
  writeFileSync(String(alerts), stringify({ rules: [{ id: 'all', match: {}, targets: ['acme'] }] }));
  writeFileSync(String(event), JSON.stringify(fixture('guardduty-iam-user')));
  const words: Record<string, string[]> = {
    run: [],
    backfill: RANGE,
    alert: ['--alerts', String(alerts), '--event', String(event)],
  };
  const bytes = () => readdirSync(local.state).map((name) => readFileSync(join(local.state, name), 'base64'));
  return { ...local, bytes, wordsOf: (name: string) => words[name] ?? [] };
}

describe('a rehearsal and real runs', () => {
  it.each(WRITERS)(
    '%s refuses --now on a state that real runs have written, and leaves it as it is',
    async (name) => {
      const { real, command, state, bytes, wordsOf, emulator } = await setUp();
      expect((await real('run')).status).toBe(0);
      const [before, asked] = [bytes(), emulator.requests().length];
      const { status, stderr } = await command(name, NOW, ...wordsOf(name));
      expect(status).toBe(2);
      expect(stderr).toContain(
        `${state}: was written by real runs, and --now is for rehearsals; name another folder`,
      );
      expect(bytes()).toEqual(before);
      expect(emulator.requests()).toHaveLength(asked);
    },
  );

  it.each(WRITERS)('%s refuses a state of rehearsals without --now', async (name) => {
    const { real, command, state, bytes, wordsOf, emulator } = await setUp();
    expect((await command('run', NOW)).status).toBe(0);
    const [before, asked] = [bytes(), emulator.requests().length];
    const { status, stderr } = await real(name, ...wordsOf(name));
    expect(status).toBe(2);
    expect(stderr).toContain(
      `${state}: was written by a rehearsal, with --now; name another folder for real runs`,
    );
    expect(bytes()).toEqual(before);
    expect(emulator.requests()).toHaveLength(asked);
  });
});

it.each(['plan', 'status'])(
  '%s takes --now on a state of real runs, and none on one of rehearsals',
  async (name) => {
    const real = await setUp();
    await real.real('run');
    expect(await real.command(name, NOW)).toMatchObject({ status: 0, stderr: '' });
    const rehearsal = await setUp();
    await rehearsal.command('run', NOW);
    expect(await rehearsal.real(name)).toMatchObject({ status: 0, stderr: '' });
  },
);

it('in a rehearsal no host is asked for the time; in a real run the export host is, once and first', async () => {
  const rehearsal = await setUp();
  await rehearsal.command('run', NOW);
  expect(rehearsal.emulator.requests().map(({ kind }) => kind)).toEqual(['token', 'export']);
  const real = await setUp();
  await real.real('run');
  const [first, ...others] = real.emulator.requests();
  expect(first).toMatchObject({ kind: 'tasks', status: 401 });
  expect(others.map(({ kind }) => kind)).toEqual(['token', 'export']);
});
