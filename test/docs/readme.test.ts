import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { settingsFolder } from '../support/command/settings-folder.ts';

const ROOT = join(import.meta.dirname, '../..');
const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
const NOW = '2026-11-22T00:40:00Z';

it('the README has a row for each setting of a target', () => {
  const [target] = parse(readFileSync(join(ROOT, 'infra/settings/targets.example.yml'), 'utf8')).targets;
  const names = Object.entries(target).flatMap(([name, value]) =>
    ['window', 'api_time'].includes(name)
      ? Object.keys(value as object).map((part) => `${name}.${part}`)
      : name,
  );
  expect(names).toContain('max_attempts');
  const rows = readme.split('\n').filter((line) => line.startsWith('| `'));
  expect(names.filter((name) => !rows.some((row) => row.includes(`\`${name}`)))).toEqual([]);
});

it('what the README says to watch on one machine is true while nobody confirms', async () => {
  const { command, json, emulator } = await settingsFolder({});
  emulator.setScenario({ steps: [{ on: 'tasks', times: 'always', effect: { type: 'forbidden' } }] });
  for (const day of [20, 21, 22]) expect((await command('run', `2026-11-${day}T00:35:00Z`)).status).toBe(0);
  const [status] = (await json('status', NOW)).targets;
  expect(status).toMatchObject({
    unconfirmed: 3,
    unconfirmed_since: expect.stringMatching(/^2026-11-20T00:35/),
  });
  expect((await command('status', NOW)).stdout).toContain('◐ Nobody confirms');
  const [, watched = ''] = readme.split('### What to watch on one machine');
  const [table = ''] = watched.split('\n## ');
  const fields = [...table.matchAll(/^\| [^|]+\| `(\w+)`/gm)].map(([, field]) => field ?? '');
  expect(fields).toHaveLength(7);
  expect(fields.filter((field) => !(field in status))).toEqual([]);
});

it('the README names each field of the document of status', async () => {
  const [status] = (await (await settingsFolder({})).json('status', NOW)).targets;
  const row = readme.split('\n').find((line) => line.startsWith('| `status` | `{')) ?? '';
  expect(Object.keys(status).filter((field) => !row.includes(`"${field}"`))).toEqual([]);
});
