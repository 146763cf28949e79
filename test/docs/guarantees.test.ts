import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');
const document = readFileSync(join(ROOT, 'docs/guarantees.md'), 'utf8');

const rows = document
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| promise |'))
  .map((line) => line.split(' | ').map((cell) => cell.replaceAll(/^\| | \|$/g, '')));

const named = [...document.matchAll(/`(test\/[\w./-]+\.test\.ts)`: "([^"]+)"/g)].map(
  ([, file = '', name = '']) => [file, name] as const,
);

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

  it.each(['G1', 'G2', 'G3', 'G4', 'G5', 'G6'])('has rows and known limits for %s', (guarantee) => {
    const section = document.split(/^## /m).find((part) => part.startsWith(guarantee));
    expect(section).toMatch(/^\| .* \| .* \| `test\//m);
    expect(section).toContain('Known limits:');
  });
});
