import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../lib/domain/errors.ts';
import { readYamlFile } from '../../lib/settings/yaml-file.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

function written(text: string): string {
  const path = join(temporaryFolder(), 'targets.yml');
  writeFileSync(path, text);
  return path;
}

async function faultsOf(text: string) {
  const error = await readYamlFile(written(text), 'the file').catch((thrown: unknown) => thrown);
  if (!(error instanceof InputError)) throw new Error('It was accepted.');
  expect(error.message).toContain('the file is not right:');
  return error.faults;
}

describe('a YAML file', () => {
  it('is read, and so is JSON', async () => {
    expect(await readYamlFile(written('a: [1, x]'))).toEqual({ a: [1, 'x'] });
    expect(await readYamlFile(written('{"a": [1, "x"]}'))).toEqual({ a: [1, 'x'] });
  });

  it('with faults names them all by line and column', async () => {
    const faults = await faultsOf('a: "b\nc: [1\nc: 2\n');
    expect(faults.length).toBeGreaterThan(0);
    for (const { path } of faults) expect(path).toMatch(/^line \d+, column \d+$/);
  });

  it('with a key that comes twice is refused', async () => {
    expect(await faultsOf('a: 1\na: 2\n')).toEqual([
      { path: 'line 2, column 1', problem: expect.stringContaining('unique') },
    ]);
  });

  it('with an unknown tag is refused', async () => {
    expect(await faultsOf('a: !nobody 1')).toMatchObject([{ path: 'line 1, column 4' }]);
  });

  it('with more aliases than anybody writes is refused', async () => {
    const levels = Array.from({ length: 12 }, (_, level) => {
      const before = Array.from({ length: 9 }, () => `*l${level - 1}`).join(', ');
      return `l${level}: &l${level} [${level === 0 ? 'x' : before}]`;
    });
    expect(await faultsOf(levels.join('\n'))).toMatchObject([{ path: '(the whole document)' }]);
  });
});
