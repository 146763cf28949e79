import { gatewayError, type Reply } from '../server/reply.ts';
import type { Received } from '../server/request.ts';
import type { createAccessKeys } from './access-keys.ts';
import type { Project } from './accounts.ts';
import { type Admission, refuseCredential } from './authn.ts';
import { checkSignature, isSigned } from './signature-check.ts';
import { type createTokens, iamTime } from './tokens.ts';

/** What the gateway knows. */
export type Gateway = {
  tokens: ReturnType<typeof createTokens>;
  accessKeys: ReturnType<typeof createAccessKeys>;
  projects: readonly Project[];
};

/** Lets a request for a project through, or says why not. A signature goes before a token where both are sent. */
export function admit(received: Received, projectId: string, gateway: Gateway): Admission {
  const admission = isSigned(received)
    ? checkSignature(received, gateway.accessKeys)
    : checkToken(received, projectId, gateway.tokens);
  if ('refusal' in admission) return admission;
  const refusal = checkProject(received, projectId, gateway.projects);
  return refusal ? { refusal } : admission;
}

// Which codes Huawei uses for these two is not documented; both are 403s of the gateway's table.
function checkProject(
  { headers }: Received,
  projectId: string,
  projects: readonly Project[],
): Reply | undefined {
  const claimed = headers['x-project-id'];
  if (claimed !== undefined && claimed !== projectId)
    return gatewayError({
      status: 403,
      code: 'APIGW.0306',
      message: 'API access denied.',
      note: 'X-Project-Id is not the project of the path',
    });
  if (projects.every(({ id }) => id !== projectId))
    return gatewayError({
      status: 403,
      code: 'APIGW.0310',
      message: 'The project is unavailable.',
      note: 'no such project',
    });
  return undefined;
}

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
