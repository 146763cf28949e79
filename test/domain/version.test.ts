import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { VERSION } from '../../lib/domain/version.ts';

it('the version is that of the package', () => {
  expect(VERSION).toBe(JSON.parse(readFileSync('package.json', 'utf8')).version);
});
