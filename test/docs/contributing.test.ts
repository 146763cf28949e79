import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const textOf = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const PAGES = globSync('docs/decisions/*.md', { cwd: ROOT });

describe.each(['CONTRIBUTING.md', 'SECURITY.md', ...PAGES])('%s', (file) => {
  it('names no file of ours that is not there', () => {
    // With a "<" it is a pattern of names.
    const paths = [...textOf(file).matchAll(/`((?:lib|test|infra|functions|examples)\/[\w./-]+)`/g)];
    expect(paths.map(([, path = '']) => path).filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });
});

describe('CONTRIBUTING.md', () => {
  const { scripts } = JSON.parse(textOf('package.json'));
  const commands = textOf('CONTRIBUTING.md').matchAll(/\bnpm (?:run ([\w:]+)|(start|test)\b)/g);
  const named = new Set([...commands].map(([, run, own]) => run ?? own));

  it('names every command, and no other', () => {
    expect([...named].sort()).toEqual(Object.keys(scripts).sort());
  });
});

it('the index of the decisions has each page', () => {
  const index = textOf('docs/decisions/README.md');
  const names = PAGES.map((page) => basename(page, '.md')).filter((name) => name !== 'README');
  expect(names.length).toBeGreaterThan(12);
  expect(names.filter((name) => !index.includes(name))).toEqual([]);
});
