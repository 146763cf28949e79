import { describe, expect, it } from 'vitest';
import { readConfig } from '../lib/config.ts';

const TASK_QUEUE_URL = 'https://sqs.eu-central-1.amazonaws.com/111122223333/tasks';

describe('the environment of a function', () => {
  it('has a table and a queue; the log level has a default', () => {
    const config = readConfig({ LEDGER_TABLE: 'ledger', TASK_QUEUE_URL, PATH: '/usr/bin' });
    expect(config).toEqual({ ledgerTable: 'ledger', taskQueueUrl: TASK_QUEUE_URL, logLevel: 'INFO' });
    expect(Object.isFrozen(config)).toBe(true);
  });

  it('may name a proxy', () => {
    const variables = {
      LEDGER_TABLE: 'ledger',
      TASK_QUEUE_URL,
      HTTPS_PROXY: 'http://gate:3128',
      NO_PROXY: 'a',
    };
    const proxies = { https: 'http://gate:3128', http: undefined, none: 'a' };
    expect(readConfig(variables).proxies).toEqual(proxies);
    expect(() => readConfig({ ...variables, HTTPS_PROXY: 'fake://pass' })).toThrow(
      'HTTPS_PROXY: must be http',
    );
  });

  it('with several issues gets one error that names each variable', () => {
    expect(() => readConfig({ TASK_QUEUE_URL: 'queue', LOG_LEVEL: 'loud' })).toThrow(
      /LEDGER_TABLE: is missing.*\n.*TASK_QUEUE_URL: must be the URL.*\n.*LOG_LEVEL: must be one of DEBUG/,
    );
  });
});
