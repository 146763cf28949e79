import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { place } from '../../lib/adapters/sqlite-file.ts';
import { temporaryFolder } from '../support/vitest/temporary-folder.ts';

// A file system such as exFAT, or that of some network disks.
const noLinks = () => {
  throw Object.assign(new Error('operation not permitted, link'), { code: 'EPERM' });
};

function twoFiles() {
  const folder = temporaryFolder();
  const [made, file] = [join(folder, 'made'), join(folder, 'state.sqlite')];
  writeFileSync(made, 'ours');
  return { made, file, content: () => readFileSync(file, 'utf8') };
}

test.each([
  ['with hard links', undefined],
  ['without hard links', noLinks],
])('a file is placed, and never over that of another process, %s', (_, link) => {
  const { made, file, content } = twoFiles();
  place(made, file, link);
  expect(content()).toBe('ours');
  writeFileSync(file, "the other's");
  place(made, file, link);
  expect(content()).toBe("the other's");
});

test.each([
  ['with hard links', undefined],
  ['without hard links', noLinks],
])('a folder that is gone is an error, %s', (_, link) => {
  const { made, file } = twoFiles();
  expect(() => place(made, join(file, 'missing', 'state.sqlite'), link)).toThrow(/ENOENT|ENOTDIR/);
});
