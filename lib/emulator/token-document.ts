import type { Project } from './accounts.ts';
import { hexOf } from './hex-id.ts';
import { iamTime, type Token } from './tokens.ts';

/** What IAM says about a token that it gives out; the token itself travels in a header. */
export function tokenDocument(token: Token, project: Project | undefined, withCatalog: boolean): object {
  const domain = { id: hexOf(token.domain), name: token.domain };
  return {
    expires_at: iamTime(token.expiresAt),
    issued_at: iamTime(token.issuedAt),
    methods: ['password'],
    ...(project ? { project: { domain, id: project.id, name: project.name } } : { domain }),
    roles: [{ id: '0', name: 'op_gated_workspace' }],
    user: { domain, id: hexOf(token.user), name: token.user, password_expires_at: '' },
    ...(withCatalog ? { catalog: catalog(project) } : {}),
  };
}

// Long on purpose: the catalog is what makes replies without `nocatalog` large.
function catalog(project: Project | undefined): object[] {
  const region = project?.name ?? '*';
  return Array.from({ length: 60 }, (_, index) => ({
    id: hexOf(`service ${index}`),
    name: `service-${index}`,
    type: `service-${index}`,
    endpoints: [
      {
        id: hexOf(`endpoint ${index}`),
        interface: 'public',
        region,
        region_id: region,
        url: `https://service-${index}.example.com/v1/${project?.id ?? ''}`,
      },
    ],
  }));
}
