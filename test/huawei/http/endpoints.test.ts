import { describe, expect, it } from 'vitest';
import { hostsOf, KNOWN_REGIONS, rightHost } from '../../../lib/huawei/http/endpoints.ts';

describe('the hosts of a region', () => {
  it.each(['cn-north-4', 'cn-east-3', 'cn-south-1', 'cn-southwest-2', 'cn-north-9'])(
    'are two in %s: one to order an export, one to follow it',
    (region) => {
      expect(hostsOf(region, {})).toEqual({
        iam: `https://iam.${region}.myhuaweicloud.com`,
        export: `https://appstream.${region}.myhuaweicloud.com`,
        tasks: `https://workspace.${region}.myhuaweicloud.com`,
      });
    },
  );

  it('are one elsewhere', () => {
    const { export: order, tasks } = hostsOf('ap-southeast-3', {});
    expect(order).toBe('https://workspace.ap-southeast-3.myhuaweicloud.com');
    expect(tasks).toBe(order);
  });

  it.each(['af-north-1', 'cn-north-11'])('use the global IAM where %s has no door of its own', (region) => {
    expect(hostsOf(region, {}).iam).toBe('https://iam.myhuaweicloud.com');
  });

  it('are each replaced alone by an override', () => {
    expect(hostsOf('cn-north-4', { export: 'https://other.example' })).toEqual({
      ...hostsOf('cn-north-4', {}),
      export: 'https://other.example',
    });
  });

  it('are https for every region that is known', () => {
    const origins = KNOWN_REGIONS.flatMap((region) => Object.values(hostsOf(region, {})));
    expect(
      origins.filter((origin) => new URL(origin).origin !== origin || !origin.startsWith('https://')),
    ).toEqual([]);
  });
});

it('the regions that are known are those of the SDKs and of the international page', () => {
  const mainland = 'cn-north-4 cn-east-3 cn-south-1 cn-southwest-2 cn-north-9 cn-east-5 cn-north-11';
  const asia = 'ap-southeast-1 ap-southeast-2 ap-southeast-3';
  const america = 'la-south-2 la-north-2 sa-brazil-1 na-mexico-1';
  const elsewhere = 'me-east-1 af-south-1 af-north-1 tr-west-1';
  expect(KNOWN_REGIONS.join(' ')).toBe([mainland, asia, america, elsewhere].join(' '));
});

describe('a host that does not have its call', () => {
  const [appstream, workspace] = ['appstream', 'workspace'].map(
    (service) => (region: string) => `https://${service}.${region}.myhuaweicloud.com`,
  ) as [(region: string) => string, (region: string) => string];

  it.each([
    ['cn-north-4', 'export', workspace('cn-north-4'), appstream('cn-north-4')],
    ['cn-north-4', 'export', appstream('cn-north-4'), workspace('cn-north-4')],
    ['ap-southeast-3', 'export', workspace('ap-southeast-3'), appstream('ap-southeast-3')],
    ['cn-north-4', 'tasks', appstream('cn-north-4'), workspace('cn-north-4')],
    ['cn-north-11', 'iam', 'https://iam.cn-north-11.myhuaweicloud.com', 'https://iam.myhuaweicloud.com'],
  ] as const)('of %s for %s is %s: the other one is named', (region, host, origin, right) => {
    expect(rightHost(host, origin, region)).toMatch(new RegExp(`endpoints\\.${host} .*to ${right}\\.$`));
  });

  it('is to be looked up, and no other is guessed, where none is known', () => {
    expect(rightHost('tasks', workspace('cn-north-4'), 'cn-north-4')).toMatch(
      /^Check the target's region and endpoints\.tasks/,
    );
    expect(rightHost('export', 'https://export.example', 'xx-nowhere-1')).toMatch(
      /^Check the target's region and endpoints\.export/,
    );
  });
});
