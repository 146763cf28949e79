import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT, sectionsOf } from './operations/document.ts';

const sections = sectionsOf(readFileSync(join(ROOT, 'docs/architecture.md'), 'utf8'));
const textOf = (title: string) => sections.find((section) => section.title === title)?.text ?? '';
const rooms = textOf('Rooms and arrows');
const codeOf = (file: string) => readFileSync(join(ROOT, file), 'utf8');

it('docs/architecture.md has a row for every room', () => {
  const inLib = globSync('lib/*', { cwd: ROOT }).map((path) => (path.endsWith('.ts') ? path : `${path}/`));
  const cells = [...rooms.matchAll(/^\| (`[^|]+) \|/gm)].map(([, cell = '']) => cell);
  const listed = cells.flatMap((cell) => [...cell.matchAll(/`([^`<]+)[^`]*`/g)].map(([, path = '']) => path));
  expect(listed.sort()).toEqual([...inLib, 'functions/', 'infra/'].sort());
});

it('docs/architecture.md draws what the rooms import of each other, and nothing else', () => {
  const drawn = [...rooms.matchAll(/^ {2}(\w+) --(?: "[^"]+" --)?> (\w+)$/gm)].map(
    ([, from, to]) => `${from} -> ${to}`,
  );
  expect(drawn.length).toBeGreaterThan(10);
  expect(drawn.sort()).toEqual([...importsBetweenRooms()].sort());
});

function importsBetweenRooms(): Set<string> {
  const arrows = globSync(['lib/**/*.ts', 'functions/*.ts'], { cwd: ROOT }).flatMap((file) =>
    [...codeOf(file).matchAll(/\b(?:from|import\() ?'(\.[^']+)'/g)].map(([, path = '']) => [
      roomOf(file),
      roomOf(normalize(join(dirname(file), path))),
    ]),
  );
  const others = arrows.filter(([from, to]) => from !== to && !OF_ALL.includes(to ?? ''));
  return new Set(others.map(([from, to]) => `${from} -> ${to}`));
}

const OF_ALL = ['domain', 'ports', 'run-ports', 'infra'];

const roomOf = (path: string) => /^(?:lib\/)?([\w-]+)/.exec(path)?.[1];

it('docs/architecture.md lists reasons to defer that the code has', () => {
  const [, table = ''] = textOf('A run, target by target').split('| `why` |');
  const cells = [...table.matchAll(/^\| (`[^|]+) \|/gm)].map(([, cell = '']) => cell);
  const listed = cells.flatMap((cell) =>
    [...cell.matchAll(/`([^`…]+)[^`]*`/g)].map(([, why = '']) => why.trim()),
  );
  const code = globSync('lib/exports/**/*.ts', { cwd: ROOT }).map(codeOf).join('\n');
  expect(listed.length).toBeGreaterThan(9);
  expect(listed.filter((why) => !code.includes(why))).toEqual([]);
});
