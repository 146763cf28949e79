import type { Temporal } from 'temporal-polyfill';
import { type AccessKeyCredential, type Credential, secretsOf } from '../../domain/input/credential.ts';
import type { Clock } from '../../ports.ts';
import type { HttpRequest } from '../http/http.ts';
import { authorization as signedAuthorization } from './signer.ts';

/** The right to call for one project. `secrets` must never be shown, also where a reply quotes them. */
export type Authorization = {
  projectId: string;
  /** The request with the headers that authorise it, created again for each attempt: a signature is dated. */
  apply(request: HttpRequest): HttpRequest;
  secrets: readonly string[];
  /** The kind of credential that the authorization was made from. */
  credentialKind: Credential['kind'];
};

export function tokenAuthorization(
  token: string,
  projectId: string,
  credentialKind: 'password' | 'token',
): Authorization {
  const apply = (request: HttpRequest) => ({
    ...request,
    headers: { ...request.headers, 'x-auth-token': token },
  });
  return { projectId, apply, secrets: [token], credentialKind };
}

/** Signs every request with an access key. `skew` is how far the server's clock is ahead of ours. */
export function keyAuthorization(
  credential: AccessKeyCredential,
  projectId: string,
  { clock, skew }: { clock: Clock; skew: Temporal.Duration },
): Authorization {
  const { access_key_id, secret_access_key, security_token } = credential;
  const apply = (request: HttpRequest): HttpRequest => {
    const headers = {
      ...request.headers,
      host: request.url.host,
      'x-project-id': projectId,
      'x-sdk-date': signingDate(clock().add(skew)),
      ...(security_token ? { 'x-security-token': security_token } : {}),
    };
    const signable = { method: request.method, url: request.url, headers, body: request.body ?? '' };
    const key = { accessKeyId: access_key_id, secretAccessKey: secret_access_key };
    return { ...request, headers: { ...headers, authorization: signedAuthorization(signable, key) } };
  };
  return { projectId, apply, secrets: secretsOf(credential), credentialKind: credential.kind };
}

// YYYYMMDDTHHMMSSZ
function signingDate(at: Temporal.Instant): string {
  return at.toString({ smallestUnit: 'second', roundingMode: 'floor' }).replaceAll(/[-:]/g, '');
}
