import { describe, expect, it } from 'vitest';
import { causeOf, unavailable } from '../../../lib/huawei/http/unavailable.ts';

describe('a host that does not answer', () => {
  it.each([
    ['getaddrinfo ENOTFOUND workspace.ap-southest-3.myhuaweicloud.com', 'check the spelling'],
    ['self-signed certificate in certificate chain', 'NODE_EXTRA_CA_CERTS'],
    ["Hostname/IP does not match certificate's altnames", 'NODE_EXTRA_CA_CERTS'],
    ['0A00010B:SSL routines:tls_validate_record_header:wrong version number', 'does not speak TLS'],
    ['connect ECONNREFUSED 127.0.0.1:9', 'firewall, routes, the proxy (HTTPS_PROXY, NO_PROXY)'],
    ['Connect Timeout Error', 'firewall, routes, the proxy (HTTPS_PROXY, NO_PROXY)'],
  ])('because of "%s" is fixed by what fits', (said, fix) => {
    const { text, ...details } = causeOf(new Error(said));
    expect(text).toBe(said);
    expect(unavailable('No answer.', details).fix).toContain(fix);
  });

  it('because the connection was reset while TLS was agreed on is no host without TLS', () => {
    const said = 'Client network socket disconnected before secure TLS connection was established';
    const { reason } = causeOf(Object.assign(new Error(said), { code: 'ECONNRESET' }));
    expect(reason).toBe('unreachable');
  });

  it('for a while may answer a later run', () => {
    const { text, ...details } = causeOf(
      Object.assign(new Error('slow'), { code: 'UND_ERR_HEADERS_TIMEOUT' }),
    );
    expect(details).toEqual({ reason: 'timeout', mayHaveArrived: true });
    expect(unavailable(text, details).message).toBe(
      'slow A later run may succeed. If it stays so, tell Huawei.',
    );
  });
});

it("of OpenSSL's line the reason alone is shown", () => {
  const line =
    '40572D0C:error:0A00010B:SSL routines:tls_validate_record_header:wrong version number:../ssl/record.c:80:\n';
  expect(causeOf(new Error(line))).toMatchObject({
    reason: 'no_tls',
    text: 'SSL routines: wrong version number',
  });
});
