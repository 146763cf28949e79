import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { settingsFolder } from '../support/command/settings-folder.ts';
import { phrasesOfStatus, ROOT, sectionsOf } from './operations/document.ts';

const text = (name: string) => readFileSync(join(ROOT, name), 'utf8');
const document = text('docs/one-machine.md');
const watched = sectionsOf(document).find(({ title }) => title === 'What to watch')?.text ?? '';
const NOW = '2026-11-22T00:40:00Z';

it('what docs/one-machine.md says to watch is true while nobody may list the tasks', async () => {
  const { command, json, emulator } = await settingsFolder({});
  emulator.setScenario({ steps: [{ on: 'tasks', times: 'always', effect: { type: 'forbidden' } }] });
  for (const day of [20, 21, 22]) expect((await command('run', `2026-11-${day}T00:35:00Z`)).status).toBe(0);
  const [status] = (await json('status', NOW)).targets;
  expect(status).toMatchObject({
    unconfirmed: 3,
    unconfirmed_since: expect.stringMatching(/^2026-11-20T00:35/),
  });
  const [line = ''] = /◐ [^`]+(?=` \| `unconfirmed_since`)/.exec(watched) ?? [];
  expect(line).not.toBe('');
  expect((await command('status', NOW)).stdout).toContain(line);
});

it('docs/one-machine.md names fields of the document of status', async () => {
  const [status] = (await (await settingsFolder({})).json('status', NOW)).targets;
  const fields = [...watched.matchAll(/^\| [^|]+\| `(\w+)`/gm)].map(([, field]) => field ?? '');
  expect(fields).toHaveLength(7);
  expect(fields.filter((field) => !(field in status))).toEqual([]);
});

it('docs/one-machine.md names lines that status prints, as docs/operations.md does', () => {
  const cells = [...watched.matchAll(/^\| (`[^|]+) \|/gm)].map(([, cell = '']) => cell);
  const lines = cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, line = '']) => line));
  const known = phrasesOfStatus();
  expect(lines.length).toBeGreaterThan(8);
  const unknown = lines.filter((line) => !known.some((phrase) => sameStart(phrase, line)));
  expect(unknown).toEqual([]);
});

function sameStart(phrase: string, line: string): boolean {
  const [shown = ''] = line.split('…');
  return phrase.startsWith(shown.trim()) || shown.startsWith(phrase);
}
