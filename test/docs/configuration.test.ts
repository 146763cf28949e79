import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { FILTER_LENGTHS } from '../../lib/domain/input/filters.ts';
import { ROOT, sectionsOf } from './operations/document.ts';

const document = readFileSync(join(ROOT, 'docs/configuration.md'), 'utf8');
const example = (name: string) =>
  parse(readFileSync(join(ROOT, `infra/settings/${name}.example.yml`), 'utf8'));

/** The rows of the tables of a section, by what their first cell names. */
const rowsOf = (title: string) =>
  (sectionsOf(document).find((section) => section.title === title)?.text ?? '')
    .split('\n')
    .filter((line) => line.startsWith('| `'));

it('docs/configuration.md has a row for each setting of a target', () => {
  const [target] = example('targets').targets;
  const names = Object.entries(target).flatMap(([name, value]) =>
    ['window', 'api_time'].includes(name)
      ? Object.keys(value as object).map((part) => `${name}.${part}`)
      : name,
  );
  expect(names).toContain('max_attempts');
  expect(names.filter((name) => !rowsOf('Targets').some((row) => row.startsWith(`| \`${name}`)))).toEqual([]);
});

it('docs/configuration.md names every filter and no other', () => {
  const row = rowsOf('Targets').find((line) => line.startsWith('| `filters`')) ?? '';
  const [, , , cell = ''] = row.split('|');
  const named = [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name);
  expect(named).toEqual(Object.keys(FILTER_LENGTHS));
});

it('docs/configuration.md names each setting of an alert rule', () => {
  const [rule] = example('alerts').rules;
  const rows = rowsOf('Alert rules').join('\n');
  const names = [...Object.keys(rule), ...Object.keys(rule.match)];
  expect(names).toContain('severity_at_least');
  expect(names.filter((name) => !rows.includes(`\`${name}\``))).toEqual([]);
});
