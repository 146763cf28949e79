import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { logicalLines, shellLine } from './shell-words.ts';

export const ROOT = join(import.meta.dirname, '..', '..', '..');

export type Section = { title: string; text: string };

/** A block of commands; `says` are the lines of the block of output below it, in which `…` stands for anything. */
export type Block = { script: string; says: string[] };

export type OwnCommand = { words: string[]; status: number };

export const document = readFileSync(join(ROOT, 'docs/operations.md'), 'utf8');

export const sections = sectionsOf(document);

/** What stands under each heading of the second level. */
export function sectionsOf(text: string): Section[] {
  return text
    .split(/^## /m)
    .slice(1)
    .map((part) => ({ title: part.slice(0, part.indexOf('\n')), text: part.slice(part.indexOf('\n') + 1) }));
}

/** Parts about an alarm are headed by its name, all others begin with a capital. */
export const alarmSections = sections.filter(({ title }) => /^[a-z-]+$/.test(title));

/** The blocks of commands in a text, in their order. */
export function blocksOf(text: string): Block[] {
  const fenced = [...text.matchAll(/^( *)```(\w+)\n([\s\S]*?)^\1```$/gm)].map(
    ([, indent = '', language = '', content = '']) => ({
      language,
      content: content.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
    }),
  );
  return fenced.flatMap(({ language, content }, index) => {
    if (language !== 'sh') return [];
    const next = fenced[index + 1];
    const says = next?.language === 'text' ? next.content.trim().split('\n') : [];
    return [{ script: content, says }];
  });
}

/** The commands of our own command line in a block, and the exit status that a comment behind it promises (else 0). */
export function ownCommands({ script }: Block): OwnCommand[] {
  return logicalLines(script).flatMap((line) => {
    const { words, comment } = shellLine(line);
    const [, status = '0'] = /exits with (\d+)/.exec(comment) ?? [];
    const isOurs = words.slice(0, 3).join(' ') === 'npm start --';
    return isOurs ? [{ words: words.slice(3), status: Number(status) }] : [];
  });
}

/** What the first column of the table of `status` says. */
export function phrasesOfStatus(): string[] {
  const [, table = ''] = document.split('| `status` says |');
  const rows = table.slice(0, table.indexOf('\n\n')).split('\n').slice(2);
  return rows.map((row) => /\| `([^`]+)`/.exec(row)?.[1] ?? row);
}
