import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { ALL_NAMES } from './operations/deployed-names.ts';
import { ROOT } from './operations/document.ts';

const text = readFileSync(join(ROOT, 'docs/deploy.md'), 'utf8');
const infra = (name: string) => readFileSync(join(ROOT, 'infra', name), 'utf8');

it('docs/deploy.md names nothing that is not deployed', () => {
  const names = [...text.matchAll(/workspace-login-export-prod[\w-]*/g)].map(([name]) => name);
  expect(names.length).toBeGreaterThan(10);
  expect(names.filter((name) => !ALL_NAMES.includes(name))).toEqual([]);
});

it('docs/deploy.md has a row for every parameter', () => {
  const [, section = ''] = text.split('| parameter |');
  const rows = section.split('\n\n')[0] ?? '';
  const named = [...rows.matchAll(/`(\w+)`/g)].map(([, name]) => name);
  expect(named).toEqual(
    expect.arrayContaining(Object.keys(parse(infra('settings/parameters.example.yml')).default)),
  );
});

it('infra/key-policy.json lets in the three services that have no role, and no others', () => {
  const { Statement } = JSON.parse(infra('key-policy.json'));
  const services = Statement.flatMap(({ Principal }: { Principal: object }) =>
    Object.values(Principal),
  ).flat();
  expect(services.filter((each: string) => each.endsWith('.amazonaws.com')).sort()).toEqual([
    'cloudwatch.amazonaws.com',
    'events.amazonaws.com',
    'logs.eu-central-1.amazonaws.com',
  ]);
});
