import type { UnavailableError } from '../domain/errors.ts';

/** What the doctor advises after a call that a later run would make again. */
export function unavailableAdvice({ reason }: UnavailableError): string {
  return reason === 'middlebox'
    ? LET_THROUGH
    : 'Run the doctor again in some minutes. If it stays so, tell Huawei.';
}

/** Where something on the way answers in Huawei's place. */
export const LET_THROUGH =
  'Have whoever runs the proxy, firewall or login page on the way let the call through. HTTPS_PROXY names a proxy to go through, NO_PROXY the hosts that need none.';
