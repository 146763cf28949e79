import { type Admission, refuseCredential } from './admission.ts';
import type { Received } from './received.ts';
import { gatewayError } from './reply.ts';
import { type createTokens, iamTime } from './tokens.ts';

/** Whether the request's `X-Auth-Token` is good for the project. */
export function checkToken(
  received: Received,
  projectId: string,
  tokens: ReturnType<typeof createTokens>,
): Admission {
  const admission = checkAnyToken(received, tokens);
  if ('refusal' in admission) return admission;
  if (tokens.find(received.headers['x-auth-token'] ?? '')?.projectId !== projectId)
    return refuseCredential('decrypt token fail', 'this token is for another project');
  return admission;
}

/** Whether the request's `X-Auth-Token` is good for anything. */
export function checkAnyToken({ headers, at }: Received, tokens: ReturnType<typeof createTokens>): Admission {
  const text = headers['x-auth-token'];
  if (!text) return refuseCredential('x-auth-token not found');
  const token = tokens.find(text);
  if (!token) return refuseCredential('decrypt token fail', 'this token was never given out');
  if (token.isRevoked) return mustBeUpdated();
  if (at >= token.expiresAt)
    return refuseCredential(`token expires, expires_at: ${iamTime(token.expiresAt)}`);
  return { caller: { kind: 'token', user: token.user } };
}

function mustBeUpdated(): Admission {
  const message = 'The token must be updated.';
  return {
    refusal: gatewayError({ status: 401, code: 'APIGW.0307', message, note: 'this token was revoked' }),
  };
}
