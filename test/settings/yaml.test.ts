import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../lib/domain/errors.ts';
import { readYamlFile } from '../../lib/settings/yaml.ts';
import { temporaryFolder } from '../support/vitest/temporary-folder.ts';

function written(text: string | Uint8Array): string {
  const path = join(temporaryFolder(), 'targets.yml');
  writeFileSync(path, text);
  return path;
}

async function issuesOf(text: string | Uint8Array) {
  const error = await readYamlFile(written(text), 'targets file').catch((thrown: unknown) => thrown);
  if (!(error instanceof InputError)) throw new Error('It was accepted.');
  expect(error.message).toContain('Invalid targets file:');
  return error.issues;
}

describe('a YAML file', () => {
  it('is read, and so is JSON', async () => {
    expect((await readYamlFile(written('a: [1, x]'))).document).toEqual({ a: [1, 'x'] });
    expect((await readYamlFile(written('{"a": [1, "x"]}'))).document).toEqual({ a: [1, 'x'] });
  });

  it('that is missing beside an example says that the example can be copied', async () => {
    const path = join(temporaryFolder(), 'targets.yml');
    await expect(readYamlFile(path)).rejects.toThrow(/targets\.yml: does not exist \(ENOENT\)$/);
    const example = path.replace('.yml', '.example.yml');
    writeFileSync(example, 'targets: []');
    await expect(readYamlFile(path)).rejects.toThrow(`(ENOENT); copy ${example} to it and edit the copy`);
  });

  it('with issues names them all by line and column', async () => {
    const issues = await issuesOf('a: "b\nc: [1\nc: 2\n');
    expect(issues.length).toBeGreaterThan(0);
    for (const { path } of issues) expect(path).toMatch(/^line \d+, column \d+$/);
  });

  it('with a key that comes twice is refused', async () => {
    expect(await issuesOf('a: 1\na: 2\n')).toEqual([
      { path: 'line 2, column 1', message: expect.stringContaining('unique') },
    ]);
  });

  it('with an unknown tag is refused', async () => {
    expect(await issuesOf('a: !nobody 1')).toMatchObject([{ path: 'line 1, column 4' }]);
  });

  it('with more aliases than anybody writes is refused', async () => {
    const levels = Array.from({ length: 12 }, (_, level) => {
      const before = Array.from({ length: 9 }, () => `*l${level - 1}`).join(', ');
      return `l${level}: &l${level} [${level === 0 ? 'x' : before}]`;
    });
    expect(await issuesOf(levels.join('\n'))).toMatchObject([{ path: '(the whole document)' }]);
  });

  it('is read with a byte order mark, and with the line ends of Windows', async () => {
    const { document, lineOf } = await readYamlFile(written('\ufeffa: 1\r\nb:\r\n  - c: 2\r\n'));
    expect(document).toEqual({ a: 1, b: [{ c: 2 }] });
    expect(lineOf('b[0].c')).toBe(3);
  });

  it('in another encoding is refused at the first wrong byte', async () => {
    expect(await issuesOf(Buffer.from('a: 1\nname: Jürgen\n', 'latin1'))).toEqual([
      { path: 'line 2, column 8', message: 'is not UTF-8', fix: 'save the file as UTF-8' },
    ]);
    expect(await issuesOf(Buffer.from('\ufeffa: 1', 'utf16le'))).toEqual([
      { path: '(the whole document)', message: 'is UTF-16', fix: 'save the file as UTF-8' },
    ]);
  });

  it('with merge keys has an issue at each of them, and reads a quoted "<<" as any other key', async () => {
    const merging = ['base: &base {b: 1}', 'one:', '  <<: *base', '  c: 2', 'two: {<<: [*base], d: 3}'];
    const issue = { message: '"<<" merges nothing here', fix: 'write the keys out in each mapping' };
    expect(await issuesOf(merging.join('\n'))).toEqual([
      { path: 'line 3, column 3', ...issue },
      { path: 'line 5, column 7', ...issue },
    ]);
    expect((await readYamlFile(written('"<<": 1'))).document).toEqual({ '<<': 1 });
  });

  it('takes the value of an alias', async () => {
    const { document, lineOf } = await readYamlFile(written('a: &x\n  b: 1\nc:\n  *x\n'));
    expect(document).toEqual({ a: { b: 1 }, c: { b: 1 } });
    expect([lineOf('c'), lineOf('c.b')]).toEqual([3, 2]);
  });

  it('with a second document is refused', async () => {
    expect(await issuesOf('a: 1\n---\nb: 2\n')).toEqual([
      {
        path: 'line 2, column 1',
        message: 'begins a second document',
        fix: 'write one document, without "---"',
      },
    ]);
  });

  it('with tabs before a key is refused, and may have them where JSON has', async () => {
    expect(await issuesOf('a:\n\tb: 1\n')).toMatchObject([{ path: 'line 2, column 1' }]);
    expect((await readYamlFile(written('{\n\t"a": [1,\n\t\t2]\n}\n'))).document).toEqual({ a: [1, 2] });
  });
});

describe('the line of a path', () => {
  const TEXT = [
    '# who',
    'targets:',
    '  - id: a',
    '    window:',
    '      every: P1D',
    '    "odd key.x": 1',
    '  - id: b',
  ];

  it.each([
    ['targets', 2],
    ['targets[0]', 3],
    ['targets[0].id', 3],
    ['targets[0].window.every', 5],
    ['targets[0]["odd key.x"]', 6],
    ['targets[1].id', 7],
    // What is missing is missing in something.
    ['targets[0].window.delay', 4],
    ['targets[1].region', 7],
    ['targets[9].region', 2],
    ['(the whole document)', undefined],
    ['nothing', undefined],
  ])('%s is %s', async (path, line) => {
    const { lineOf } = await readYamlFile(written(TEXT.join('\n')));
    expect(lineOf(path)).toBe(line);
  });
});
