import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bundledPackages, installed } from '../build/bundled-packages.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const text = readFileSync(join(ROOT, 'docs', 'dependencies.md'), 'utf8');
const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

type Line = { name: string; licence: string; why: string };

const linesUnder = (heading: string): Line[] => {
  const [, section = ''] = text.split(`${heading}\n`);
  const [own = ''] = section.split(/\n##+ /);
  const rows = own.matchAll(/^\| `([^`]+)` \| ([^|]+) \| ([^|]+) \|/gm);
  return [...rows].map(([, name = '', licence = '', why = '']) => ({
    name,
    licence: licence.trim(),
    why: why.trim(),
  }));
};

const runTime = linesUnder('## At run time');
const brought = linesUnder('### What they bring into the bundles');
const development = linesUnder('## For development');

const names = (lines: readonly { name: string }[]) => lines.map(({ name }) => name).sort();

describe('docs/dependencies.md', () => {
  it('has a line with a reason for every dependency, and for nothing else', () => {
    expect(names(runTime)).toEqual(Object.keys(manifest.dependencies).sort());
    expect(names(development)).toEqual(Object.keys(manifest.devDependencies).sort());
    for (const { name, why } of [...runTime, ...development]) expect(why, name).not.toBe('');
  });

  it('lists every package that a bundle is made of, and no other', async () => {
    const bundled = await bundledPackages();
    const direct = new Set(names(runTime));
    expect(names(bundled.filter(({ name }) => !direct.has(name)))).toEqual(names(brought));
  });

  it('says of each package the licence that it is installed with', async () => {
    for (const { name, licence } of [...runTime, ...brought, ...development])
      expect(licence, name).toBe((await installed(name)).license);
  });

  it('names what is installed from PyPI', () => {
    const requirements = readFileSync(join(ROOT, 'test', 'aws', 'requirements.in'), 'utf8');
    for (const [, name] of requirements.matchAll(/^([a-z-]+)/gm)) expect(text).toContain(`\`${name}\``);
  });
});
