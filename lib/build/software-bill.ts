/** A bill of materials in CycloneDX, as far as it is worked on here. Source: CycloneDX 1.5, JSON reference. */
export type Bill = {
  serialNumber?: string;
  metadata: { timestamp?: string; tools: { name: string; version?: string }[]; component: Component };
  components: Component[];
  dependencies: { ref: string; dependsOn: string[] }[];
};

type Component = { 'bom-ref': string; name: string; version?: string };

/**
 * What is deployed of a bill of everything that is installed: the packages that `dependencies` of package.json names,
 * and theirs. Without what differs from one writing to the next (serial number, time, version of npm, name of the
 * folder), so that the same sources give the same bill. `npm sbom --omit dev` is not enough: it also leaves out what
 * packages for development happen to need as well.
 */
export function deployedBill(
  bill: Bill,
  { name, dependencies }: { name: string; dependencies: object },
): Bill {
  const { serialNumber: _, metadata, ...rest } = bill;
  const { timestamp: __, tools, component, ...more } = metadata;
  const kept = reachable(bill, component['bom-ref'], Object.keys(dependencies));
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

function reachable({ components, dependencies }: Bill, root: string, direct: readonly string[]): Set<string> {
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
