import * as z from 'zod/mini';
import { InputError } from './errors.ts';
import { readInput } from './faults.ts';
import { instant } from './instant.ts';
import { writtenObject } from './written-object.ts';

const text = z.string().check(z.minLength(1, 'must not be empty'));

// These travel in headers; anything else would look like a network that is down.
const headerText = text.check(
  z.regex(/^[\x21-\x7e]+$/, 'must be one word of ASCII; is there a line break at its end?'),
);

const password = writtenObject({ kind: z.literal('password'), domain: text, user: text, password: text });

const token = writtenObject({ kind: z.literal('token'), token: headerText, expires_at: z.optional(instant) });

const accessKey = writtenObject({
  kind: z.literal('access_key'),
  access_key_id: headerText,
  secret_access_key: text,
  security_token: z.optional(headerText),
});

const credential = z.discriminatedUnion('kind', [password, token, accessKey], {
  error: (issue) =>
    issue.code === 'invalid_union' ? 'must be "password", "token" or "access_key"' : undefined,
});

/** What stands in the secret store. `kind` decides how requests are authorised. */
export type Credential = z.output<typeof credential>;
export type PasswordCredential = z.output<typeof password>;
export type AccessKeyCredential = z.output<typeof accessKey>;

/** Reads a secret's document, or throws an `InputError` with every fault by path and no value. */
export function readCredential(document: unknown, name: string): Credential {
  return readInput(credential, document, `The secret "${name}" is not a credential:`);
}

/** Reads a secret's text. The parser's own message quotes the text, so it is not passed on. */
export function readCredentialText(json: string, name: string): Credential {
  return readCredential(parseSecretJson(json, `The secret "${name}"`), name);
}

/** Parses JSON that holds secrets: a fault says so without showing a character of it. */
export function parseSecretJson(json: string, subject: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new InputError(`${subject} is not right:`, [
      {
        path: '(the whole document)',
        problem: 'is not valid JSON (its text is not shown, it holds secrets)',
      },
    ]);
  }
}

/** Every string of a credential that must never be shown. An access key's id is an identifier and may be. */
export function secretsOf(credential: Credential): string[] {
  switch (credential.kind) {
    case 'password':
      return [credential.password];
    case 'token':
      return [credential.token];
    case 'access_key':
      return [
        credential.secret_access_key,
        ...(credential.security_token ? [credential.security_token] : []),
      ];
  }
}
