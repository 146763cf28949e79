import { gatewayError, type Reply } from '../server/reply.ts';

/** Who called, once the gateway believes it. */
export type Caller = { kind: 'token'; user: string } | { kind: 'access_key'; accessKeyId: string };

/** What the gateway decides about a request. */
export type Admission = { caller: Caller } | { refusal: Reply };

/** A credential that is not accepted. Texts as in Huawei's OCR FAQ and in issues of their SDKs. */
export function refuseCredential(detail: string, note?: string): { refusal: Reply } {
  const message = `Incorrect IAM authentication information: ${detail}`;
  return { refusal: gatewayError({ status: 401, code: 'APIGW.0301', message, note }) };
}
