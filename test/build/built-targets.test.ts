import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { buildFunctions } from '../../lib/build/build-functions.ts';
import { readBuiltTargets } from '../../lib/build/built-targets.ts';
import { folderWith, TARGETS } from './built-code.ts';

const HANDLER = { 'functions/probe.ts': 'export const handler = () => 1;' };

it('are those of the file that the bundle was built with', async () => {
  const other = TARGETS.replace('id: acme', 'id: other');
  const root = await folderWith({ ...HANDLER, 'other.yml': other });
  await buildFunctions({ root, functions: ['probe'], targetsFile: 'other.yml' });
  expect(await readBuiltTargets(root)).toMatchObject([{ id: 'other' }]);
});

it('are refused when the file has changed since the build', async () => {
  const root = await folderWith(HANDLER);
  await buildFunctions({ root, functions: ['probe'] });
  await writeFile(join(root, 'infra/targets.yml'), TARGETS.replace('id: acme', 'id: changed'));
  await expect(readBuiltTargets(root)).rejects.toThrow('infra/targets.yml has changed since');
});

it('are refused when there is no build', async () => {
  await expect(readBuiltTargets(await folderWith({}))).rejects.toThrow('Run "npm run build" first');
});
