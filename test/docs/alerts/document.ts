import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { flat } from '../../support/command/settings-folder.ts';

export const ROOT = join(import.meta.dirname, '..', '..', '..');

/** A fenced block: `sh`, `yaml` or another language, and the text between the block before it and this one. */
export type Block = { language: string; content: string; before: string };

const document = readFileSync(join(ROOT, 'docs/alerts.md'), 'utf8');

/** The text under one heading of the second level. Throws for a heading that is not there. */
export function sectionOf(heading: string): string {
  const found = document.split(/^## /m).find((part) => part.startsWith(`${heading}\n`));
  if (found === undefined) throw new Error(`docs/alerts.md has no part "${heading}".`);
  return found;
}

/** All blocks of a text as they stand, in their order. */
export function blocksOf(text: string): Block[] {
  const parts = text.split(/^```(\w*)\n([\s\S]*?)^```$/m);
  return parts.flatMap((language, index) =>
    index % 3 === 1 ? [{ language, content: parts[index + 1] ?? '', before: parts[index - 1] ?? '' }] : [],
  );
}

/** The paths that a text names between backticks. */
export function pathsIn(text: string): string[] {
  return [...text.matchAll(/`([\w.-]+\/[\w./-]+)`/g)].map(([, path = '']) => path);
}

/** Whether the document says this sentence, however its lines are broken. */
export function says(sentence: string): boolean {
  return flat(document).includes(sentence);
}

/** The rows of the table in a text, without its head: what stands between backticks in the first cell, and the second. */
export function rowsOf(text: string): { names: string[]; about: string }[] {
  const lines = text.split('\n').filter((line) => line.startsWith('| '));
  return lines.slice(1).map((line) => {
    const [first = '', about = ''] = line.slice(2, -2).split(' | ');
    return { names: [...first.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name), about };
  });
}
