import type { createAccessKeys } from './access-keys.ts';
import type { Project } from './accounts.ts';
import type { Admission } from './admission.ts';
import type { Received } from './received.ts';
import { gatewayError, type Reply } from './reply.ts';
import { checkSignature, isSigned } from './signature-check.ts';
import { checkToken } from './token-check.ts';
import type { createTokens } from './tokens.ts';

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
