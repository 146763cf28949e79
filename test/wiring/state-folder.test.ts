import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checkStateFolder } from '../../lib/wiring/state-folder.ts';
import { temporaryFolder } from '../support/vitest/temporary-folder.ts';

const check = (folder: string) => () => checkStateFolder(folder);

it('a folder that is there, or could be made, is right, and none is made', () => {
  const folder = temporaryFolder();
  expect(check(folder)).not.toThrow();
  expect(check(join(folder, 'a/b/c'))).not.toThrow();
  expect(existsSync(join(folder, 'a'))).toBe(false);
  writeFileSync(join(folder, 'state.sqlite'), '');
  expect(check(folder)).not.toThrow();
});

it('a file where a folder should be is named', () => {
  const file = join(temporaryFolder(), 'file');
  writeFileSync(file, '');
  expect(check(file)).toThrow(`${file}: is not a folder`);
  expect(check(join(file, 'a/b'))).toThrow(`${file}: is not a folder`);
});

it('a folder where the file should be is no state', () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'state.sqlite'));
  expect(check(folder)).toThrow('state.sqlite: is a folder, not a file');
});

// Nobody may write there, not even the superuser; where it does not exist, nobody may make it.
it('a folder that cannot be written is named', () => {
  expect(check('/proc/self/state')).toThrow('The state cannot be written');
});
