import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');
const DOCUMENTS = globSync(['*.md', 'docs/**/*.md', 'examples/**/*.md', 'infra/**/*.md'], { cwd: ROOT });

const textOf = (file: string) => readFileSync(join(ROOT, file), 'utf8');

/** The anchors of a document's headings, as GitHub makes them. */
function anchorsOf(file: string): string[] {
  const text = textOf(file).replaceAll(/^```[\s\S]*?^```$/gm, '');
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

type Link = { file: string; target: string; anchor: string | undefined };

function linksOf(file: string): Link[] {
  const prose = textOf(file).replaceAll(/^ *```[\s\S]*?^ *```$/gm, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = '']) => link)
    .filter((link) => !/^[a-z]+:/.test(link))
    .map((link) => {
      const [path = '', anchor] = link.split('#');
      return { file, target: path === '' ? file : normalize(join(dirname(file), path)), anchor };
    });
}

describe.each(DOCUMENTS)('%s', (file) => {
  it('links to nothing that is not there', () => {
    const dead = linksOf(file).filter(({ target }) => !existsSync(join(ROOT, target)));
    expect(dead).toEqual([]);
  });

  it('links to no heading that is not there', () => {
    const toHeadings = linksOf(file).filter(({ target, anchor }) => anchor && target.endsWith('.md'));
    const dead = toHeadings.filter(({ target, anchor }) => !anchorsOf(target).includes(anchor ?? ''));
    expect(dead).toEqual([]);
  });
});

it('README.md and docs/ name no file of ours that is not there', () => {
  const named = DOCUMENTS.filter((file) => /^(README\.md|docs\/[\w-]+\.md)$/.test(file)).flatMap((file) =>
    [...textOf(file).matchAll(PATH)].map(([, path = '']) => ({ file, path })),
  );
  expect(named.length).toBeGreaterThan(40);
  expect(named.filter(({ path }) => !existsSync(join(ROOT, path)))).toEqual([]);
});

// Whoever uses this writes the settings; with a "<" it is a pattern of names.
const PATH = /`((?:lib|test|infra|functions|examples)\/(?!settings\/\w+\.yml)[\w./-]+)`/g;

it('there are documents, and they link to each other', () => {
  expect(DOCUMENTS.length).toBeGreaterThan(7);
  expect(DOCUMENTS.flatMap(linksOf).length).toBeGreaterThan(80);
});
