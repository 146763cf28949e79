import { iamError, jsonReply, type Reply } from '../server/reply.ts';
import type { Request } from '../server/request.ts';
import { hexOf, type Project } from './accounts.ts';
import { checkAnyToken, type Gateway } from './gateway.ts';
import { checkSignature, isSigned } from './signature-check.ts';

/**
 * GET /v3/projects?name=. Source: API definition IAM/KeystoneListProjects. Huawei's SDKs find the project of a region
 * with this call. Other filters are ignored.
 */
export function projectsCall(request: Request, gateway: Gateway & { domain: string }): Reply {
  const authn = isSigned(request)
    ? checkSignature(request, gateway.accessKeys)
    : checkAnyToken(request, gateway.tokens);
  // There is no gateway in front of IAM, so the error has the shape of IAM.
  if ('rejection' in authn)
    return iamError(401, 'The request you have made requires authentication.', {
      note: authn.rejection.note ?? JSON.parse(authn.rejection.body).error_msg,
    });
  const wanted = request.url.searchParams.get('name');
  const found = gateway.projects.filter(({ name }) => wanted === null || name === wanted);
  const self = `https://iam.example.com${request.url.pathname}`;
  return jsonReply(
    200,
    {
      projects: found.map((project) => projectDocument(project, { self, domainId: hexOf(gateway.domain) })),
      links: { next: null, previous: null, self },
    },
    { note: `${found.length} projects` },
  );
}

function projectDocument(
  { id, name }: Project,
  { self, domainId }: { self: string; domainId: string },
): object {
  return {
    id,
    name,
    domain_id: domainId,
    parent_id: domainId,
    is_domain: false,
    enabled: true,
    description: '',
    links: { self: `${self}/${id}` },
  };
}
