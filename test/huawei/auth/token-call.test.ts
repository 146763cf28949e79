import { describe, expect, it } from 'vitest';
import { CredentialError, MalformedReplyError, RefusedError } from '../../../lib/domain/errors.ts';
import type { PasswordCredential } from '../../../lib/domain/input/credential.ts';
import { type ProjectScope, readToken, tokenRequest } from '../../../lib/huawei/auth/token-call.ts';
import { redactor } from '../../../lib/huawei/http/redact.ts';

const SECRET = 'fake-password-7f3a';
const credential: PasswordCredential = { kind: 'password', domain: 'd', user: 'u', password: SECRET };
const body = { token: { expires_at: '2026-11-24T00:35:00.000000Z', project: { id: 'p' } } };
const headers = { 'x-subject-token': 'fake-token' };

const byName = { name: 'ap-southeast-3' };

const read = (
  status: number,
  document: unknown,
  withHeaders: Record<string, string> = headers,
  project: ProjectScope = byName,
) => {
  const reply = { status, headers: withHeaders, body: JSON.stringify(document) };
  return readToken(reply, { secret: 'huawei/acme', credential, project }, redactor([SECRET]));
};

describe('the request for a token', () => {
  it.each([{ id: 'p' }, { name: 'ap-southeast-3' }])(
    'is scoped to the project %j, without a catalogue',
    (project) => {
      const request = tokenRequest('https://iam.example', credential, project);
      expect(request.url.href).toBe('https://iam.example/v3/auth/tokens?nocatalog=true');
      expect(JSON.parse(request.body ?? '')).toEqual({
        auth: {
          identity: {
            methods: ['password'],
            password: { user: { name: 'u', password: SECRET, domain: { name: 'd' } } },
          },
          scope: { project },
        },
      });
    },
  );
});

describe('the answer to it', () => {
  it('is a token, its project and its end', () => {
    const { value, projectId, expiresAt } = read(201, body);
    expect([value, projectId, expiresAt.toString()]).toEqual(['fake-token', 'p', '2026-11-24T00:35:00Z']);
  });

  it.each([
    ['without the header', 201, body, {}],
    ['without an end', 201, { token: { project: { id: 'p' } } }, headers],
    ['without a project', 201, { token: { expires_at: body.token.expires_at } }, headers],
    [
      'with half of a character as project',
      201,
      { token: { ...body.token, project: { id: '\ud800' } } },
      headers,
    ],
    [
      'with a project longer than any',
      201,
      { token: { ...body.token, project: { id: 'p'.repeat(129) } } },
      headers,
    ],
    ['with an empty project', 201, { token: { ...body.token, project: { id: '' } } }, headers],
  ])('%s is not what Huawei documents', (_, status, document, withHeaders) => {
    expect(() => read(status, document, withHeaders)).toThrow(MalformedReplyError);
  });

  it('need not name the project when the token was asked for by its id', () => {
    const { token } = body;
    const { projectId } = read(201, { token: { expires_at: token.expires_at } }, headers, { id: 'mine' });
    expect(projectId).toBe('mine');
  });

  it('is a token with status 201 alone', () => {
    expect(() => read(200, body)).toThrow(RefusedError);
  });

  it('of 401 says what speaks against the password, and shows no other character of it', () => {
    const strayed = { ...credential, password: `${SECRET}\n` };
    const reply = { status: 401, headers: {}, body: JSON.stringify({ error: { code: 401 } }) };
    const reading = () =>
      readToken(
        reply,
        { secret: 'huawei/acme', credential: strayed, project: byName },
        redactor([strayed.password]),
      );
    expect(reading).toThrow('in the secret "huawei/acme". The password ends with a line break (U+000A).');
    expect(reading).not.toThrow(SECRET);
    expect(() => read(401, {})).not.toThrow('The password ends');
  });

  it('of 401 blames the secret, of 403 the set-up, and neither shows the password it quotes', () => {
    const said = { error: { code: 401, message: `no user u with ${SECRET}` } };
    expect(() => read(401, said)).toThrow(CredentialError);
    expect(() => read(403, said)).toThrow(RefusedError);
    for (const status of [401, 403]) {
      expect(() => read(status, said)).toThrow('with [redacted]');
    }
  });
});
