import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT, sectionsOf } from './operations/document.ts';

const sections = sectionsOf(readFileSync(join(ROOT, 'docs/glossary.md'), 'utf8'));
const wordsOf = (text: string) => [...text.matchAll(/^- \*\*([^*]+)\*\*: /gm)].map(([, word = '']) => word);

it('docs/glossary.md gives every word one line and one meaning', () => {
  const words = sections.flatMap(({ text }) => wordsOf(text));
  expect(words.length).toBeGreaterThan(30);
  expect(words.filter((word, index) => words.indexOf(word) !== index)).toEqual([]);
});
