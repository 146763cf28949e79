import * as z from 'zod/mini';
import { CredentialError, type ExportError, MalformedReplyError, RefusedError } from '../../domain/errors.ts';
import { type PasswordCredential, passwordDoubt } from '../../domain/input/credential.ts';
import { PROJECT_ID } from '../../domain/input/target.ts';
import { type Instant, instant } from '../../domain/time/instant.ts';
import { parseJson, type Redact, readErrorReply, vendorText } from '../http/errors.ts';
import type { HttpReply, HttpRequest } from '../http/http.ts';

/** A project by its id, or by its name: a region's default project is called like the region. */
export type ProjectScope = { id: string } | { name: string };

/** A token and what it is good for. `projectId` is the project it is scoped to. */
export type Token = { value: string; projectId: string; expiresAt: Instant };

/**
 * The request for a token by password, scoped to a project. `nocatalog` keeps the reply small.
 * Source: API definition IAM/KeystoneCreateUserTokenByPassword.
 */
export function tokenRequest(
  iam: string,
  credential: PasswordCredential,
  project: ProjectScope,
): HttpRequest {
  const user = { name: credential.user, password: credential.password, domain: { name: credential.domain } };
  return {
    method: 'POST',
    url: new URL('/v3/auth/tokens?nocatalog=true', iam),
    headers: { 'content-type': 'application/json;charset=utf8' },
    body: JSON.stringify({
      auth: { identity: { methods: ['password'], password: { user } }, scope: { project } },
    }),
  };
}

const replyBody = z.object({
  token: z.object({
    expires_at: instant,
    project: z.optional(z.object({ id: z.string().check(z.regex(PROJECT_ID)) })),
  }),
});

type Asked = { credential: PasswordCredential; project: ProjectScope };

/** The token of a reply, which stands in a header. Throws the error that says what to do when there is none. */
export function readToken(reply: HttpReply, { credential, project }: Asked, redact: Redact): Token {
  if (reply.status !== 201) throw refusal(reply, credential, redact);
  const value = reply.headers['x-subject-token'];
  const token = replyBody.safeParse(parseJson(reply.body)).data?.token;
  const projectId = token?.project?.id ?? ('id' in project ? project.id : undefined);
  if (value && token && projectId) return { value, projectId, expiresAt: token.expires_at };
  throw new MalformedReplyError(
    'IAM answered 201 to the token request without X-Subject-Token, token.expires_at or token.project.id.',
    { vendor: { status: reply.status } },
  );
}

// Never repeated: after a few wrong passwords IAM locks the account for 15 minutes.
function refusal(reply: HttpReply, credential: PasswordCredential, redact: Redact): ExportError {
  const vendor = readErrorReply(reply, redact);
  const who = `the IAM user "${credential.user}" of account "${credential.domain}"`;
  if (reply.status === 401) {
    const doubt = passwordDoubt(credential);
    return new CredentialError(
      `IAM does not let ${who} in: ${vendorText(vendor)}. Check the secret's domain, user and password.${doubt ? ` ${doubt}.` : ''}`,
      { vendor },
    );
  }
  const advice =
    'The user needs programmatic access, no login protection by MFA, and the project must be theirs.';
  return new RefusedError(`IAM gives ${who} no token: ${vendorText(vendor)}. ${advice}`, { vendor });
}
