import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');
const document = readFileSync(join(ROOT, 'docs/guarantees.md'), 'utf8');

const [forUsers = '', forMaintainers = ''] = document.split(/^## The tests$/m);

const rows = forMaintainers
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| promise |'))
  .map((line) => line.split(' | ').map((cell) => cell.replaceAll(/^\| | \|$/g, '')));

const named = [...document.matchAll(/`(test\/[\w./-]+\.test\.ts)`: "([^"]+)"/g)].map(
  ([, file = '', name = '']) => [file, name] as const,
);

const GUARANTEES = ['G1', 'G2', 'G3', 'G4', 'G5', 'G6'];

describe('docs/guarantees.md', () => {
  it.each(named)('%s has the test "%s"', (file, name) => {
    // As it stands in code: between quotes, so that a part of another name does not pass.
    const code = readFileSync(join(ROOT, file), 'utf8').replaceAll("\\'", "'");
    expect([`'${name}'`, `"${name}"`].some((quoted) => code.includes(quoted))).toBe(true);
  });

  it('has for each clause what could break it, and tests', () => {
    expect(rows.length).toBeGreaterThan(20);
    for (const [promise, danger, tests] of rows) {
      expect(danger, promise).toMatch(/\w{3}/);
      expect(tests, promise).toMatch(/^(`test\/[\w./-]+\.test\.ts`: "[^"]+"(<br>)?)+$/);
    }
  });

  it.each(GUARANTEES)(
    'says to users what %s promises and where it ends, without the names of tests',
    (name) => {
      const section = forUsers.split(/^## /m).find((part) => part.startsWith(`${name} `));
      expect(section).toMatch(/^\*[^*]+\.\*$/m);
      expect(section).toMatch(/^Limits:\n\n- /m);
      expect(section).not.toContain('.test.ts');
    },
  );

  it.each(GUARANTEES)('has rows for %s', (name) => {
    const section = forMaintainers.split(/^### /m).find((part) => part.startsWith(`Tests of ${name}\n`));
    expect(section).toMatch(/^\| .* \| .* \| `test\//m);
  });
});
