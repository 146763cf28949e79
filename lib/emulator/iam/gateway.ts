import { gatewayError, type Reply } from '../server/reply.ts';
import type { Request } from '../server/request.ts';
import type { createAccessKeys } from './access-keys.ts';
import type { Project } from './accounts.ts';
import { type Authn, rejectCredential } from './authn.ts';
import { checkSignature, isSigned } from './signature-check.ts';
import { type createTokens, iamTime } from './tokens.ts';

/** The state that the gateway checks requests against. */
export type Gateway = {
  tokens: ReturnType<typeof createTokens>;
  accessKeys: ReturnType<typeof createAccessKeys>;
  projects: readonly Project[];
};

/**
 * Authenticates a request for a project, or rejects it. When a request carries both a signature and a token, the
 * signature counts.
 */
export function authenticate(request: Request, projectId: string, gateway: Gateway): Authn {
  const authn = isSigned(request)
    ? checkSignature(request, gateway.accessKeys)
    : checkToken(request, projectId, gateway.tokens);
  if ('rejection' in authn) return authn;
  const rejection = checkProject(request, projectId, gateway.projects);
  return rejection ? { rejection } : authn;
}

/** Checks the `X-Auth-Token` of a request for a project. */
function checkToken(request: Request, projectId: string, tokens: ReturnType<typeof createTokens>): Authn {
  const authn = checkAnyToken(request, tokens);
  if ('rejection' in authn) return authn;
  if (tokens.find(request.headers['x-auth-token'] ?? '')?.projectId !== projectId)
    return rejectCredential('decrypt token fail', 'this token is for another project');
  return authn;
}

/** Checks the `X-Auth-Token` of a request; the token may have any scope. */
export function checkAnyToken({ headers, at }: Request, tokens: ReturnType<typeof createTokens>): Authn {
  const text = headers['x-auth-token'];
  if (!text) return rejectCredential('x-auth-token not found');
  const token = tokens.find(text);
  if (!token) return rejectCredential('decrypt token fail', 'this token was never issued');
  if (token.isRevoked) return mustBeUpdated();
  if (at >= token.expiresAt)
    return rejectCredential(`token expires, expires_at: ${iamTime(token.expiresAt)}`);
  return { caller: { kind: 'token', user: token.user } };
}

function mustBeUpdated(): Authn {
  const message = 'The token must be updated.';
  return {
    rejection: gatewayError({ status: 401, code: 'APIGW.0307', message, note: 'this token was revoked' }),
  };
}

// Which codes Huawei sends here is not documented. Both codes are 403s of the gateway's table.
function checkProject(
  { headers }: Request,
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
