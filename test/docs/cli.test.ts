import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { login } from '../support/command/command-line.ts';
import { settingsFolder } from '../support/command/settings-folder.ts';
import { ROOT } from './operations/document.ts';

const document = readFileSync(join(ROOT, 'docs/cli.md'), 'utf8');
const NOW = '2026-11-22T00:40:00Z';

describe('docs/cli.md', () => {
  const optionsOf: Record<string, string[]> = {};

  beforeAll(async () => {
    const { stdout } = await login(['--help']);
    for (const [, command = ''] of stdout.matchAll(/^ {2}(\w+) \[options\]/gm)) {
      const help = await login([command, '--help']);
      optionsOf[command] = [...help.stdout.matchAll(/^ {2}(--\w[\w-]*)/gm)].map(([, option = '']) => option);
    }
  });

  it('has a row for every command and for no other', () => {
    const [, table = ''] = document.split('| command | does |');
    const rows = [...(table.split('\n\n')[0] ?? '').matchAll(/^\| `(\w+)`/gm)].map(([, command]) => command);
    expect(Object.keys(optionsOf).length).toBeGreaterThan(7);
    expect(rows.sort()).toEqual(Object.keys(optionsOf).sort());
  });

  it('names every option, beside its command or in the table of options', () => {
    const rowOf = (name: string) => document.split('\n').find((line) => line.startsWith(`| \`${name}`)) ?? '';
    for (const [command, options] of Object.entries(optionsOf))
      for (const option of options) {
        const isShared = rowOf(option) !== '';
        expect(isShared || rowOf(command).includes(`\`${option}`), `${command} ${option}`).toBe(true);
      }
  });

  it.each(['status', 'plan'])('names each field of the document of %s', async (command) => {
    const [target] = (await (await settingsFolder({})).json(command, NOW)).targets;
    const row = document.split('\n').find((line) => line.startsWith(`| \`${command}\` | \`{`)) ?? '';
    expect(Object.keys(target).filter((field) => !row.includes(`"${field}"`))).toEqual([]);
  });

  it('names each field of a check of the doctor', async () => {
    const { real } = await settingsFolder({ project_id: 'a'.repeat(32) });
    const { checks } = JSON.parse((await real('doctor', '--json')).stdout);
    const row = document.split('\n').find((line) => line.startsWith('| `doctor` | `{"checks"')) ?? '';
    const fields = new Set(checks.flatMap((check: object) => Object.keys(check)));
    expect(fields.size).toBeGreaterThan(3);
    expect([...fields].filter((field) => !row.includes(`"${field}"`))).toEqual([]);
  });
});
