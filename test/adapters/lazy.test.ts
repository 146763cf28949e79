import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { lazy } from '../../lib/adapters/lazy.ts';

const PROGRAM = fileURLToPath(new URL('../support/deployed/loaded-sdks.ts', import.meta.url));

test('making the AWS adapters loads no SDK', async () => {
  expect(await sdksLoadedBy()).toEqual([]);
});

test.each([
  ['ledger', 'client-dynamodb'],
  ['queue', 'client-sqs'],
  ['secrets', 'client-secrets-manager'],
])('using the %s loads %s and no other', async (adapter, client) => {
  expect(await sdksLoadedBy(adapter)).toEqual([client]);
});

test('what is loaded is loaded once for all callers', async () => {
  let loads = 0;
  const thing = lazy(async () => {
    loads += 1;
    return { number: loads };
  });
  expect(loads).toBe(0);
  expect(await Promise.all([thing(), thing()])).toEqual([{ number: 1 }, { number: 1 }]);
  expect(await thing()).toBe(await thing());
});

test('a load that failed is tried again at the next call', async () => {
  let loads = 0;
  const thing = lazy(async () => {
    loads += 1;
    if (loads === 1) throw new Error('too many open files');
    return loads;
  });
  await expect(thing()).rejects.toThrow('too many open files');
  expect(await thing()).toBe(2);
  expect(await thing()).toBe(2);
});

async function sdksLoadedBy(...uses: string[]): Promise<string[]> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--no-warnings', PROGRAM, ...uses]);
  return JSON.parse(stdout);
}
