import { createHash } from 'node:crypto';
import { authorization } from '../../huawei/auth/signer.ts';
import type { Reply } from '../server/reply.ts';
import type { Request } from '../server/request.ts';
import type { AccessKey, createAccessKeys } from './access-keys.ts';
import { type Authn, rejectCredential } from './authn.ts';

const AUTHORIZATION =
  /^SDK-HMAC-SHA256 Access=(?<id>[^,\s]+), ?SignedHeaders=(?<names>[^,\s]+), ?Signature=[0-9a-f]{64}$/;

const COMPACT_TIME = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

/** Source: Huawei's signing guide. */
const CLOCK_DIFFERENCE_ALLOWED = 15 * 60_000;

/** Whether the request has an `Authorization` header of the SDK-HMAC-SHA256 scheme. */
export function isSigned({ headers }: Request): boolean {
  return headers['authorization']?.startsWith('SDK-HMAC-SHA256') ?? false;
}

/** Checks that the request, exactly as it arrived, was signed with a known access key. */
export function checkSignature(request: Request, accessKeys: ReturnType<typeof createAccessKeys>): Authn {
  const { id, names } = AUTHORIZATION.exec(request.headers['authorization'] ?? '')?.groups ?? {};
  if (!id || !names) return mismatch('the Authorization header cannot be read');
  if (accessKeys.isBlocked(id, request.at))
    return rejectCredential('AK access failed to reach the limit,forbidden', 'blocked for five minutes');
  const key = accessKeys.find(id);
  if (!key) return rejectCredential(`ak ${id} not exist`);
  const tooLate = checkDate(request);
  if (tooLate) return tooLate;
  const rejection = checkContent(request, key, names.split(';'));
  if (rejection) {
    accessKeys.failed(id, request.at);
    return rejection;
  }
  accessKeys.succeeded(id);
  return { caller: { kind: 'access_key', accessKeyId: id } };
}

function checkDate({ headers, at }: Request): Authn | undefined {
  const date = headers['x-sdk-date'] ?? '';
  const signedAt = Date.parse(date.replace(COMPACT_TIME, '$1-$2-$3T$4:$5:$6Z'));
  if (!COMPACT_TIME.test(date) || !Number.isFinite(signedAt))
    return mismatch('X-Sdk-Date is missing or not YYYYMMDDTHHMMSSZ');
  if (Math.abs(at - signedAt) <= CLOCK_DIFFERENCE_ALLOWED) return undefined;
  const serverTime = new Date(at).toISOString().replace(/[-:]|\.\d+/g, '');
  return rejectCredential(
    `calc aksk signature fail:signature expired, signature time:${date},server time:${serverTime}`,
  );
}

function checkContent(request: Request, key: AccessKey, names: string[]): Authn | undefined {
  const { headers } = request;
  if (headers['x-security-token'] !== key.securityToken)
    return mismatch(
      key.securityToken ? 'X-Security-Token is missing or wrong' : 'X-Security-Token is not for this key',
    );
  if (!names.includes('x-sdk-date')) return mismatch('X-Sdk-Date is not signed');
  const absent = names.find((name) => headers[name] === undefined);
  if (absent) return mismatch(`the signed header ${absent} did not arrive`);
  if (!isHashOfBody(request)) return mismatch('X-Sdk-Content-Sha256 is not the hash of the body');
  return expectedSignature(request, key, names) === headers['authorization']?.slice(-64)
    ? undefined
    : mismatch('another key, or the request was changed after it was signed');
}

function isHashOfBody({ headers, body }: Request): boolean {
  const claimed = headers['x-sdk-content-sha256'];
  return (
    claimed === undefined ||
    claimed === 'UNSIGNED-PAYLOAD' ||
    claimed === createHash('sha256').update(body).digest('hex')
  );
}

function expectedSignature({ method, url, headers, body }: Request, key: AccessKey, names: string[]): string {
  const signed = Object.fromEntries(names.map((name) => [name, headers[name] ?? '']));
  try {
    return authorization({ method, url, headers: signed, body }, key).slice(-64);
  } catch {
    // A path with a broken percent sign has no canonical form.
    return '';
  }
}

function mismatch(note: string): { rejection: Reply } {
  return rejectCredential('verify aksk signature fail', note);
}
