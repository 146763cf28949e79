import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { deployedSbom, type Sbom } from '../../lib/build/sbom.ts';
import { bundledPackages } from './bundled-packages.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

const written = (): Sbom =>
  JSON.parse(
    execFileSync('npm', ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'], {
      cwd: ROOT,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      maxBuffer: 1e8,
    }),
  );

let all: Sbom;
let sbom: Sbom;

beforeAll(() => {
  all = written();
  sbom = deployedSbom(all, manifest);
});

describe('the SBOM of what is deployed', () => {
  it('has every package of the bundles, in the version that is in them', async () => {
    const named = sbom.components.map(({ name, version }) => `${name}@${version}`);
    const bundled = await bundledPackages();
    expect(bundled.length).toBeGreaterThan(20);
    expect(named).toEqual(expect.arrayContaining(bundled.map(({ name, version }) => `${name}@${version}`)));
  });

  it('has nothing that is for development alone', () => {
    const names = sbom.components.map(({ name }) => name);
    for (const name of Object.keys(manifest.devDependencies)) expect(names).not.toContain(name);
    expect(sbom.components.length).toBeLessThan(all.components.length / 4);
  });

  it('is the same whenever it is written, and tells nothing of the machine', () => {
    const again = deployedSbom(written(), manifest);
    expect(again).toEqual(sbom);
    expect(sbom.metadata.tools).toEqual([{ vendor: 'npm', name: 'cli' }]);
    expect(sbom.metadata.component.name).toBe('workspace-login-export');
    expect(JSON.stringify(sbom)).not.toContain(ROOT);
    expect(JSON.stringify(sbom)).not.toMatch(/"type":"distribution"|serialNumber|timestamp/);
  });

  it('refers to nothing that it does not list', () => {
    const refs = new Set([sbom.metadata.component, ...sbom.components].map((each) => each['bom-ref']));
    for (const { ref, dependsOn } of sbom.dependencies) {
      expect(refs).toContain(ref);
      for (const each of dependsOn) expect(refs).toContain(each);
    }
  });
});
