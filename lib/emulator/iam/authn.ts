import { gatewayError, type Reply } from '../server/reply.ts';

/** The authenticated caller of a request. */
export type Caller = { kind: 'token'; user: string } | { kind: 'access_key'; accessKeyId: string };

/** The result of authentication: the caller, or the reply that rejects the request. */
export type Authn = { caller: Caller } | { rejection: Reply };

/** Rejects a credential. The texts are those of Huawei's OCR FAQ and of issues of their SDKs. */
export function rejectCredential(detail: string, note?: string): { rejection: Reply } {
  const message = `Incorrect IAM authentication information: ${detail}`;
  return { rejection: gatewayError({ status: 401, code: 'APIGW.0301', message, note }) };
}
