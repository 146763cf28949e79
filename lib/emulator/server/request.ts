import { gatewayError, type Reply } from './reply.ts';

/** The largest body the gateway takes. Source: Huawei's signing FAQ (12 MB). */
export const LARGEST_BODY = 12 * 1024 * 1024;

/** One request, complete and exactly as it arrived. */
export type Request = {
  method: string;
  /** Path and query are those that were sent; scheme and host are fake. */
  url: URL;
  /** Length of the request target as sent, in characters. */
  targetLength: number;
  /** By lower-case name; a repeated header is joined with ", ". */
  headers: Readonly<Record<string, string>>;
  body: Buffer;
  /** The body was above `LARGEST_BODY`; then `body` is empty. */
  isBodyTooLarge: boolean;
  /** When it arrived by the emulator's clock, in milliseconds since the epoch. */
  at: number;
};

/** The body as JSON; undefined when the body is no JSON (JSON has no undefined value). */
export function jsonBody({ body }: Request): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return undefined;
  }
}

export function isJsonType({ headers }: Request): boolean {
  return /^application\/json\s*(;|$)/i.test(headers['content-type'] ?? '');
}

/** Source: error table of the Open Telekom Cloud gateway (32 KB). */
const LONGEST_TARGET = 32 * 1024;

/** The gateway's error reply to a request that is too large, for every call alike. */
export function checkLimits({ isBodyTooLarge, targetLength }: Request): Reply | undefined {
  if (isBodyTooLarge) return tooLarge(413, 'Request entity too large.');
  if (targetLength > LONGEST_TARGET) return tooLarge(414, 'Request URI too large.');
  return undefined;
}

function tooLarge(status: number, message: string): Reply {
  return gatewayError({ status, code: 'APIGW.0201', message });
}
