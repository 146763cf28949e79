import { describe, expect, it } from 'vitest';
import { InputError } from '../../../lib/domain/errors.ts';
import { readProxies } from '../../../lib/domain/input/proxies.ts';

const none = { https: undefined, http: undefined, none: '' };

describe('the proxies of an environment', () => {
  it.each([
    [{}, undefined],
    [{ NO_PROXY: '*', HTTPS_PROXY: ' ' }, undefined],
    [{ HTTPS_PROXY: 'http://gate:3128' }, { ...none, https: 'http://gate:3128' }],
    [{ HTTP_PROXY: 'gate:3128' }, { ...none, http: 'http://gate:3128' }],
    [
      { https_proxy: 'http://low', HTTPS_PROXY: 'http://up' },
      { ...none, https: 'http://low' },
    ],
    [
      { https_proxy: '', HTTPS_PROXY: 'http://up', no_proxy: 'a', NO_PROXY: 'b' },
      { ...none, https: 'http://up', none: 'a' },
    ],
  ])('%j are %j', (environment, proxies) => {
    expect(readProxies(environment)).toEqual(proxies);
  });

  it.each([
    'socks5://gate',
    'http://',
    'ftp://gate',
    'http://fake-user:fake%pass@gate',
    'http://fake-user:fake pass@ga te',
  ])('%s is none, and the value is not shown', (value) => {
    const read = () => readProxies({ HTTPS_PROXY: value, HTTP_PROXY: value });
    expect(read).toThrow(InputError);
    expect(read).toThrow(/HTTPS_PROXY: must be http.*\n.*HTTP_PROXY: must be/);
    expect(read).not.toThrow(/fake|gate/);
  });
});
