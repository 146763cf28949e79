import { iamError, jsonReply, type Reply } from '../server/reply.ts';
import type { Received } from '../server/request.ts';
import type { Project } from './accounts.ts';
import { checkAnyToken, type Gateway } from './gateway.ts';
import { hexOf } from './hex-id.ts';
import { checkSignature, isSigned } from './signature-check.ts';

/**
 * GET /v3/projects?name=. Source: API definition IAM/KeystoneListProjects; Huawei's SDKs ask it for the project of a
 * region. Other filters are left alone.
 */
export function projectsCall(received: Received, gateway: Gateway & { domain: string }): Reply {
  const admission = isSigned(received)
    ? checkSignature(received, gateway.accessKeys)
    : checkAnyToken(received, gateway.tokens);
  // IAM stands behind no gateway, and refuses in a shape of its own.
  if ('refusal' in admission)
    return iamError(401, 'The request you have made requires authentication.', {
      note: admission.refusal.note ?? JSON.parse(admission.refusal.body).error_msg,
    });
  const wanted = received.url.searchParams.get('name');
  const found = gateway.projects.filter(({ name }) => wanted === null || name === wanted);
  const self = `https://iam.example.com${received.url.pathname}`;
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
