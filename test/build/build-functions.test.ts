import { cp, readFile, symlink, utimes } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { strToU8, unzipSync } from 'fflate';
import { expect, it } from 'vitest';
import { buildFunctions } from '../../lib/build/build-functions.ts';
import { SAMPLES } from '../../lib/build/settings-documents.ts';
import { temporaryFolder } from '../support/vitest/temporary-folder.ts';
import { ALERTS, builtModules, folderWith, runBuilt, TARGETS } from './built-code.ts';

const HANDLER = `
  import document from '../infra/settings/targets.yml';
  export const handler = () => document;
`;

const BOTH_HANDLER = `
  import targets from '../infra/settings/targets.yml';
  import alerts from '../infra/settings/alerts.yml';
  export const handler = () => ({ ...targets, ...alerts });
`;

it('makes the same zip of the same sources, wherever they lie and whatever the time zone', async () => {
  const build = async (zone: string) => {
    process.env['TZ'] = zone;
    const root = await folderWith({ 'functions/probe.ts': HANDLER });
    const [built] = await buildFunctions({ root, functions: ['probe'] });
    return readFile(built?.zip ?? '');
  };
  const zone = process.env['TZ'];
  const [first, second] = [await build('Pacific/Chatham'), await build('America/Lima')];
  process.env['TZ'] = zone;
  expect(first.equals(second)).toBe(true);
});

it('makes the same zips of the functions that are deployed, from two folders and at two times', async () => {
  const [here, there] = await Promise.all([copiedSources(), copiedSources()]);
  await utimes(join(there, 'functions', 'lambda.ts'), 1, 1);
  const names = ['scheduled-export', 'alert-export'];
  const [first, second] = [
    await buildFunctions({ root: here, functions: names, settings: SAMPLES }),
    await buildFunctions({ root: there, functions: names, settings: SAMPLES }),
  ];
  for (const [index, { zip }] of first.entries()) {
    const [one, other] = [await readFile(zip), await readFile(second[index]?.zip ?? '')];
    expect(one.equals(other), zip).toBe(true);
  }
});

it('puts the modules alone into the zip, and their source maps beside them', async () => {
  const root = await folderWith({
    'functions/probe.ts': `${HANDLER} export const late = () => import('./late.ts');`,
    'functions/late.ts': 'export const late = 7;',
  });
  await buildFunctions({ root, functions: ['probe'] });
  const built = (path: string) => readFile(join(root, 'dist', path));
  const modules = await builtModules(join(root, 'dist', 'probe'));
  expect(modules).toHaveLength(2);
  expect(unzipSync(await built('probe.zip'))).toEqual(
    Object.fromEntries(modules.map(({ file, code }) => [basename(file), strToU8(code)])),
  );
  expect(JSON.parse(String(await built('probe/index.mjs.map'))).sources).toContain(
    '../../functions/probe.ts',
  );
});

it('lets a function import its targets as the document that they were written as', async () => {
  expect(await runBuilt(HANDLER)).toEqual({
    targets: [{ id: 'acme', region: 'ap-southeast-3', credential: 'huawei/acme' }],
  });
});

it('lets a function import the alert rules beside its targets', async () => {
  expect(await runBuilt(BOTH_HANDLER)).toMatchObject({
    targets: [{ id: 'acme' }],
    rules: [{ id: 'every-alert', match: {}, targets: ['acme'] }],
  });
});

it('leaves the alert rules out of a function that does not import them', async () => {
  const root = await folderWith({ 'functions/probe.ts': HANDLER, 'functions/both.ts': BOTH_HANDLER });
  await buildFunctions({ root, functions: ['probe', 'both'] });
  const built = (path: string) => readFile(join(root, 'dist', path), 'utf8');
  expect(await built('both/index.mjs')).toContain('every-alert');
  expect(await built('probe/index.mjs')).not.toContain('every-alert');
  expect(await built('probe/index.mjs.map')).not.toContain('alerts.yml');
});

it('refuses a function that imports another YAML document', async () => {
  const root = await folderWith({
    'functions/probe.ts': HANDLER.replace('infra/settings/targets.yml', 'infra/provider.yml'),
    'infra/provider.yml': 'name: aws',
  });
  await expect(buildFunctions({ root, functions: ['probe'] })).rejects.toThrow(
    'knows no YAML documents but infra/settings/targets.yml and infra/settings/alerts.yml',
  );
});

it('puts the settings of another folder in the place of those in infra/settings', async () => {
  const root = await folderWith({
    'functions/probe.ts': BOTH_HANDLER,
    'ours/targets.yml': TARGETS.replace('id: acme', 'id: other'),
    'ours/alerts.yml': ALERTS.replace('[acme]', '[other]'),
  });
  const settings = { folder: 'ours', samples: false };
  await buildFunctions({ root, functions: ['probe'], settings });
  const { handler } = await import(/* @vite-ignore */ join(root, 'dist/probe/index.mjs'));
  expect(handler()).toMatchObject({ targets: [{ id: 'other' }], rules: [{ targets: ['other'] }] });
});

it('writes a source map from which a stack trace gets its names and lines back', async () => {
  const source = `
    const submitTheWindow = () => { throw new Error('no'); };
    export const handler = () => { try { submitTheWindow(); } catch (error) { return error.stack; } };
  `;
  const stack = String(await runBuilt(source, null, { flags: ['--enable-source-maps'] }));
  expect(stack).toMatch(/at submitTheWindow \(.*probe\.ts:2:/);
});

async function copiedSources(): Promise<string> {
  const [root, copy] = [join(import.meta.dirname, '..', '..'), temporaryFolder()];
  const copied = ['functions', 'infra', 'lib', 'package.json'];
  await Promise.all(copied.map((path) => cp(join(root, path), join(copy, path), { recursive: true })));
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}
