import * as z from 'zod';
import { iamError, jsonReply, type Reply } from '../server/reply.ts';
import { isJsonType, jsonBody, type Request } from '../server/request.ts';
import { type createAccounts, hexOf, type Project } from './accounts.ts';
import { type createTokens, iamTime, type Token } from './tokens.ts';

type Iam = {
  accounts: ReturnType<typeof createAccounts>;
  tokens: ReturnType<typeof createTokens>;
  projects: readonly Project[];
};

const named = z.union([z.object({ id: z.string().min(1) }), z.object({ name: z.string().min(1) })]);

// IAM ignores unknown fields.
const requestBody = z.object({
  auth: z.object({
    identity: z.object({
      methods: z.tuple([z.literal('password')]),
      password: z.object({
        user: z.object({ name: z.string(), password: z.string(), domain: z.object({ name: z.string() }) }),
      }),
    }),
    scope: z.object({ project: named.optional(), domain: named.optional() }).optional(),
  }),
});

type Login = z.output<typeof requestBody>['auth'];

/** POST /v3/auth/tokens. Source: API definition IAM/KeystoneCreateUserTokenByPassword. */
export function tokenCall(request: Request, iam: Iam): Reply {
  if (!isJsonType(request)) return invalid('the content type is not application/json');
  const parsed = requestBody.safeParse(jsonBody(request));
  if (!parsed.success) return invalid(`wrong at: ${parsed.error.issues.map(whereOf).join(', ')}`);
  const { identity, scope } = parsed.data.auth;
  const { name, password, domain } = identity.password.user;
  const verdict = iam.accounts.check({ domain: domain.name, user: name, password }, request.at);
  if (verdict === 'locked') return iamError(401, 'The account is locked.');
  if (verdict === 'wrong') return iamError(401, 'The username or password is wrong.');
  const project = projectOf(scope, iam.projects);
  if (scope?.project && !project)
    return iamError(403, 'You have no right to do this action.', { note: 'unknown project in the scope' });
  const token = iam.tokens.mint({ domain: domain.name, user: name, projectId: project?.id }, request.at);
  const withCatalog = !request.url.searchParams.get('nocatalog');
  return jsonReply(
    201,
    { token: tokenDocument(token, project, withCatalog) },
    { headers: { 'x-subject-token': token.text }, note: `token for ${project?.name ?? 'the account'}` },
  );
}

function invalid(note: string): Reply {
  return iamError(400, 'The request body is invalid', { note });
}

function whereOf({ path }: z.core.$ZodIssue): string {
  return path.join('.') || 'the whole body';
}

function projectOf(scope: Login['scope'], projects: readonly Project[]): Project | undefined {
  const wanted = scope?.project;
  if (!wanted) return undefined;
  return projects.find(({ id, name }) => ('id' in wanted ? id === wanted.id : name === wanted.name));
}

/** The body of a token reply. The token itself is in a header. */
function tokenDocument(token: Token, project: Project | undefined, withCatalog: boolean): object {
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

// Long on purpose: real replies without `nocatalog` are large because of the catalog.
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
