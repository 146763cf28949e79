import { randomBytes } from 'node:crypto';

/** The answer to a request. `note` is for people who watch the emulator; it is not sent. */
export type Reply = {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string;
  /** Content encoding of the body; the server adds the header. `isDamaged`: the encoded body is cut in the middle. */
  encoding?: { name: Encoding; isDamaged: boolean } | undefined;
  note?: string | undefined;
};

export type Encoding = 'gzip' | 'deflate' | 'br' | 'zstd';

/** Further headers of a reply, and its note. */
type Extras = { headers?: Readonly<Record<string, string>> | undefined; note?: string | undefined };

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

/** An error of the gateway, of the Workspace service or of IAM. Each has a body of another shape. */
type ErrorFields = { status: number; code: string; message: string } & Extras;

/** The gateway's shape: that of the service, with the id of the request in the body too. */
export function gatewayError({ status, code, message, headers, note }: ErrorFields): Reply {
  const id = requestId();
  return jsonReply(
    status,
    { error_code: code, error_msg: message, request_id: id },
    { headers: { 'x-request-id': id, ...headers }, note },
  );
}

export function serviceError({ status, code, message, headers, note }: ErrorFields): Reply {
  return jsonReply(status, { error_code: code, error_msg: message }, { headers, note });
}

/** 400 of the service. Unlike Huawei, the message also names the issue, for people who write against this API. */
export function invalidParameter(issue: string): Reply {
  const message = `The parameter is invalid. (${issue})`;
  return serviceError({ status: 400, code: 'WKS.00211102', message, note: issue });
}

export function wrongMediaType(): Reply {
  const note = 'the content type is not application/json';
  return serviceError({ status: 415, code: 'WKS.00000415', message: 'Unsupported media type.', note });
}

/** 429 of the gateway, with the text that users of the gateway report; `limit` such as `limit:100,time:1 minute`. */
export function overLimit(limit: string, extras: Extras): Reply {
  const message = `The throttling threshold has been reached: policy user over ratelimit,${limit}`;
  return gatewayError({ status: 429, code: 'APIGW.0308', message, ...extras });
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
