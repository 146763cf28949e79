import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A software bill of materials in CycloneDX, as far as it is worked on here. Source: CycloneDX 1.5, JSON reference. */
export type Sbom = {
  serialNumber?: string;
  metadata: { timestamp?: string; tools: { name: string; version?: string }[]; component: Component };
  components: Component[];
  dependencies: { ref: string; dependsOn: string[] }[];
};

type Component = { 'bom-ref': string; name: string; version?: string };

/**
 * What is deployed of an SBOM of everything that is installed: the packages that `dependencies` of package.json names,
 * and theirs. Without what differs from one writing to the next (serial number, time, version of npm, name of the
 * folder), so that the same sources give the same SBOM. `npm sbom --omit dev` is not enough: it also leaves out what
 * packages for development happen to need as well.
 */
export function deployedSbom(
  sbom: Sbom,
  { name, dependencies }: { name: string; dependencies: object },
): Sbom {
  const { serialNumber: _, metadata, ...rest } = sbom;
  const { timestamp: __, tools, component, ...more } = metadata;
  const kept = reachable(sbom, component['bom-ref'], Object.keys(dependencies));
  return {
    ...rest,
    metadata: {
      ...more,
      tools: tools.map(({ version: _version, ...tool }) => tool),
      component: { ...component, name },
    },
    components: rest.components.filter((each) => kept.has(each['bom-ref'])),
    dependencies: rest.dependencies
      .filter(({ ref }) => kept.has(ref))
      .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((each) => kept.has(each)) })),
  };
}

// As a program it is a step of `npm run package`: it writes the SBOM beside the zips.
if (import.meta.main) await writeSbom(join(import.meta.dirname, '..', '..'), 'dist/sbom.cdx.json');

function reachable({ components, dependencies }: Sbom, root: string, direct: readonly string[]): Set<string> {
  const names = new Map(components.map((component) => [component['bom-ref'], component.name]));
  const edges = new Map(dependencies.map(({ ref, dependsOn }) => [ref, dependsOn]));
  const isDeployed = (ref: string) => direct.includes(names.get(ref) ?? '');
  const found = new Set([root]);
  const open = (edges.get(root) ?? []).filter(isDeployed);
  for (let ref = open.pop(); ref !== undefined; ref = open.pop()) {
    if (found.has(ref)) continue;
    found.add(ref);
    open.push(...(edges.get(ref) ?? []));
  }
  return found;
}

async function writeSbom(root: string, file: string): Promise<void> {
  // Of the lock file, which says what `npm ci` installs, wherever that is.
  const command = ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'];
  // Of a whole installation; some hundreds of packages of some kilobytes each.
  const maxBuffer = 64 * 1024 * 1024;
  const { stdout } = await promisify(execFile)('npm', command, { cwd: root, maxBuffer });
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const sbom = deployedSbom(JSON.parse(stdout), manifest);
  await writeFile(join(root, file), `${JSON.stringify(sbom, null, 2)}\n`);
  process.stdout.write(`${file}: ${sbom.components.length} packages\n`);
}
