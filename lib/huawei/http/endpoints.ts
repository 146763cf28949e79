import type { Endpoints } from '../../domain/input/endpoints.ts';

/** The origins one region's calls go to. `export` and `tasks` are two hosts in mainland China and one elsewhere. */
export type Hosts = { iam: string; export: string; tasks: string };

/**
 * Regions whose cloud applications have a host of their own, `appstream.`; everywhere else it is `workspace.`.
 * Sources: region files of the official Go, Python and Node SDKs (WorkspaceApp, 3.1.20x), which agree; Huawei's
 * Chinese "Before you start" page. The Terraform provider uses `appstream.` everywhere, hence the overrides.
 */
const APPSTREAM_REGIONS = ['cn-north-4', 'cn-east-3', 'cn-south-1', 'cn-southwest-2', 'cn-north-9'];

/** Sources: the SDKs' region files as above, and for na-mexico-1 the international "Before you start" page (2026-02-10). */
const WORKSPACE_REGIONS = [
  'cn-east-5',
  'cn-north-11',
  'ap-southeast-1',
  'ap-southeast-2',
  'ap-southeast-3',
  'la-south-2',
  'la-north-2',
  'sa-brazil-1',
  'na-mexico-1',
  'me-east-1',
  'af-south-1',
  'af-north-1',
  'tr-west-1',
];

/** Workspace regions without an IAM host in the SDKs' lists: a token of the global one is valid in every region. */
const GLOBAL_IAM_REGIONS = ['cn-north-11', 'af-north-1'];

/** The regions whose hosts are built in. */
export const KNOWN_REGIONS: readonly string[] = [...APPSTREAM_REGIONS, ...WORKSPACE_REGIONS];

/** Where the calls for a region go; an override replaces one host and leaves the others. */
export function hostsOf(region: string, overrides: Endpoints): Hosts {
  const service = APPSTREAM_REGIONS.includes(region) ? 'appstream' : 'workspace';
  return {
    iam: overrides.iam ?? (GLOBAL_IAM_REGIONS.includes(region) ? globalIam : regional('iam', region)),
    export: overrides.export ?? regional(service, region),
    tasks: overrides.tasks ?? regional('workspace', region),
  };
}

/** What to do where a host does not have its call: the region's usual host, or the other one that has it elsewhere. */
export function rightHost(host: keyof Hosts, origin: string, region: string): string {
  const usual = KNOWN_REGIONS.includes(region) ? hostsOf(region, {})[host] : origin;
  if (usual !== origin) return `Remove endpoints.${host} of the target, or set it to ${usual}.`;
  const other = host === 'export' ? otherExportHost(origin) : undefined;
  if (other) return `Set endpoints.export of the target to ${other}.`;
  return `Check the target's region and endpoints.${host}; Huawei's console lists the endpoints of each region.`;
}

/** Has the form of a project id, for calls without a credential of a target whose own id only a token names. */
export const NO_PROJECT = '0'.repeat(32);

const globalIam = 'https://iam.myhuaweicloud.com';

function regional(service: string, region: string): string {
  return `https://${service}.${region}.myhuaweicloud.com`;
}

// The export call is on one of two hosts, which differs from region to region.
function otherExportHost(origin: string): string | undefined {
  const match = /^https:\/\/(appstream|workspace)\.(.+)$/.exec(origin);
  return match ? `https://${match[1] === 'appstream' ? 'workspace' : 'appstream'}.${match[2]}` : undefined;
}
