import { randomBytes } from 'node:crypto';

/** What goes back. `note` is for whoever watches the emulator and never leaves it. */
export type Reply = {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string;
  /** How the body is encoded on the way; the header that says so comes by itself. */
  encoding?: { name: Encoding; isDamaged: boolean } | undefined;
  note?: string | undefined;
};

export type Encoding = 'gzip' | 'deflate' | 'br' | 'zstd';

/** What a reply may carry besides. */
export type Extras = { headers?: Readonly<Record<string, string>> | undefined; note?: string | undefined };

export function textReply(text: string, contentType: string, { headers, note }: Extras = {}): Reply {
  return {
    status: 200,
    headers: { 'content-type': contentType, 'x-request-id': requestId(), ...headers },
    body: text,
    note,
  };
}

export function jsonReply(status: number, document: unknown, extras: Extras = {}): Reply {
  return { ...textReply(JSON.stringify(document), 'application/json', extras), status };
}

/** What says no: the gateway in front of every service, the Workspace service, or IAM. They differ in shape. */
type Refusal = { status: number; code: string; message: string } & Extras;

/** The gateway's shape: as a service's, and the request's id in the body too. */
export function gatewayError({ status, code, message, headers, note }: Refusal): Reply {
  const id = requestId();
  return jsonReply(
    status,
    { error_code: code, error_msg: message, request_id: id },
    { headers: { 'x-request-id': id, ...headers }, note },
  );
}

export function serviceError({ status, code, message, headers, note }: Refusal): Reply {
  return jsonReply(status, { error_code: code, error_msg: message }, { headers, note });
}

/** 400 of the service. The fault is named in the message as well: for people who write against this API, not as Huawei does it. */
export function invalidParameter(fault: string): Reply {
  const message = `The parameter is invalid. (${fault})`;
  return serviceError({ status: 400, code: 'WKS.00211102', message, note: fault });
}

export function wrongMediaType(): Reply {
  const note = 'the content type is not application/json';
  return serviceError({ status: 415, code: 'WKS.00000415', message: 'Unsupported media type.', note });
}

/** The shape of the older IAM calls, of which the token call is one. */
export function iamError(status: number, message: string, { headers, note }: Extras = {}): Reply {
  return jsonReply(
    status,
    { error: { code: status, message, title: TITLES[status] ?? 'Error' } },
    { headers, note },
  );
}

const TITLES: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

function requestId(): string {
  return randomBytes(16).toString('hex');
}
