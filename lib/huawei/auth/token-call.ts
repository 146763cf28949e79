import * as z from 'zod/mini';
import { MalformedReplyError } from '../../domain/errors.ts';
import type { PasswordCredential } from '../../domain/input/credential.ts';
import { PROJECT_ID } from '../../domain/input/target.ts';
import { type Instant, instant } from '../../domain/time/instant.ts';
import { readErrorReply } from '../http/errors.ts';
import type { HttpReply, HttpRequest } from '../http/http.ts';
import type { Redact } from '../http/redact.ts';
import { parseJson } from '../http/reply-body.ts';
import { loginRefusal } from '../refusals/refusal.ts';

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

type Login = { secret: string; credential: PasswordCredential; project: ProjectScope };

/**
 * The token of a reply, which is in a header. Throws the error that says what to do when there is none. No refusal is
 * repeated: after a few wrong passwords IAM locks the account for 15 minutes.
 */
export function readToken(reply: HttpReply, login: Login, redact: Redact): Token {
  const { project } = login;
  if (reply.status !== 201) throw loginRefusal(readErrorReply(reply, redact), login);
  const value = reply.headers['x-subject-token'];
  const token = replyBody.safeParse(parseJson(reply.body)).data?.token;
  const projectId = token?.project?.id ?? ('id' in project ? project.id : undefined);
  if (value && token && projectId) return { value, projectId, expiresAt: token.expires_at };
  throw new MalformedReplyError(
    'IAM answered 201 to the token request without X-Subject-Token, token.expires_at or token.project.id.',
    { vendor: { status: reply.status }, fix: 'Ask Huawei, with the time of the call.' },
  );
}
