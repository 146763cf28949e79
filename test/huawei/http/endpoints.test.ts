import { describe, expect, it } from 'vitest';
import { hostsOf, KNOWN_REGIONS, otherExportHost } from '../../../lib/huawei/http/endpoints.ts';

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

it('the other host is the one with the other prefix, and nothing for a host of somebody else', () => {
  expect(otherExportHost('https://workspace.x-1.myhuaweicloud.com')).toBe(
    'https://appstream.x-1.myhuaweicloud.com',
  );
  expect(otherExportHost('https://appstream.x-1.myhuaweicloud.com')).toBe(
    'https://workspace.x-1.myhuaweicloud.com',
  );
  expect(otherExportHost('http://127.0.0.1:8095')).toBeUndefined();
});
