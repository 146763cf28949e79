import type { Received } from './received.ts';
import { gatewayError, type Reply } from './reply.ts';

/** Source: error table of the Open Telekom Cloud gateway (32 KB). */
const LONGEST_TARGET = 32 * 1024;

/** The gateway's refusal of a request that is too large, whatever it asks for. */
export function checkLimits({ isBodyTooLarge, targetLength }: Received): Reply | undefined {
  if (isBodyTooLarge) return tooLarge(413, 'Request entity too large.');
  if (targetLength > LONGEST_TARGET) return tooLarge(414, 'Request URI too large.');
  return undefined;
}

function tooLarge(status: number, message: string): Reply {
  return gatewayError({ status, code: 'APIGW.0201', message });
}
