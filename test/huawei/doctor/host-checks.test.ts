import { describe, expect, it } from 'vitest';
import { hostCheck } from '../../../lib/huawei/doctor/host-checks.ts';
import type { HostName, HostReport } from '../../../lib/huawei/doctor/hosts.ts';
import { targetAt } from '../../support/huawei/start-huawei.ts';

const answer = { is: 'wrong_host', vendor: { status: 404, code: 'APIGW.0101' } } as const;
const regional = (region: string) => targetAt('http://127.0.0.1:9', { region, endpoints: {} });

describe('the wrong host for the region', () => {
  it.each<[string, HostName, string, string]>([
    [
      'cn-north-4',
      'export',
      'https://workspace.cn-north-4.myhuaweicloud.com',
      'https://appstream.cn-north-4.myhuaweicloud.com',
    ],
    [
      'cn-north-4',
      'export',
      'https://appstream.cn-north-4.myhuaweicloud.com',
      'https://workspace.cn-north-4.myhuaweicloud.com',
    ],
    [
      'ap-southeast-3',
      'export',
      'https://workspace.ap-southeast-3.myhuaweicloud.com',
      'https://appstream.ap-southeast-3.myhuaweicloud.com',
    ],
    [
      'cn-north-4',
      'tasks',
      'https://appstream.cn-north-4.myhuaweicloud.com',
      'https://workspace.cn-north-4.myhuaweicloud.com',
    ],
    ['cn-north-11', 'iam', 'https://iam.cn-north-11.myhuaweicloud.com', 'https://iam.myhuaweicloud.com'],
  ])('of %s for the %s call is %s: the other one is named', (region, host, origin, right) => {
    const check = hostCheck(regional(region), { host, origin, answer });
    expect(check.status).toBe('failed');
    expect(check.message).toContain(`HTTP 404 APIGW.0101. It is the wrong host for ${region}.`);
    expect(check.fix).toMatch(new RegExp(`endpoints\\.${host} .*to ${right}$`));
  });

  it('is said to be wrong, and no other guessed, where none is known', () => {
    const origin = 'https://workspace.cn-north-4.myhuaweicloud.com';
    expect(hostCheck(regional('cn-north-4'), { host: 'tasks', origin, answer }).fix).toMatch(
      /^CheckName the target's region and endpoints\.tasks/,
    );
    const elsewhere = targetAt('https://export.example', { region: 'xx-nowhere-1' });
    const report: HostReport = { host: 'export', origin: 'https://export.example', answer };
    expect(hostCheck(elsewhere, report).fix).toMatch(/^CheckName the target's region and endpoints\.export/);
  });
});

describe('a host that does not answer', () => {
  it.each([
    ['getaddrinfo ENOTFOUND workspace.ap-southest-3.myhuaweicloud.com', 'CheckName the spelling'],
    [
      'The proxy gate:3128 opens no way for GET https://iam.example/: it answers HTTP 407',
      'into HTTPS_PROXY',
    ],
    ['self-signed certificate in certificate chain', 'NODE_EXTRA_CA_CERTS'],
    ["Hostname/IP does not match certificate's altnames", 'NODE_EXTRA_CA_CERTS'],
    ['0A00010B:SSL routines:tls_validate_record_header:wrong version number', 'does not speak TLS'],
    ['connect ECONNREFUSED 127.0.0.1:9', 'firewall, routes, a proxy (HTTPS_PROXY, NO_PROXY), endpoints.iam'],
    ['Connect Timeout Error', 'firewall, routes, a proxy (HTTPS_PROXY, NO_PROXY), endpoints.iam'],
  ])('because of "%s" is fixed by what fits', (why, fix) => {
    const report: HostReport = {
      host: 'iam',
      origin: 'https://iam.example',
      answer: { is: 'unreachable', why },
    };
    const check = hostCheck(regional('ap-southeast-3'), report);
    expect(check).toMatchObject({
      check: 'iam_host',
      status: 'failed',
      message: `https://iam.example does not answer: ${why}.`,
      fix: expect.stringContaining(fix),
    });
  });
});
