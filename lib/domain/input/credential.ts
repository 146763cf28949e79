import * as z from 'zod/mini';
import { InputError } from '../errors.ts';
import { damage, strayEnd, strayIn } from '../stray-characters.ts';
import { instant } from '../time/instant.ts';
import { checkedText, readInput, strictObject, visibleLine } from './schema.ts';

const NOT_EMPTY = z.minLength(1, 'must not be empty');

const line = visibleLine().check(NOT_EMPTY);

// These values go into headers or make a signature. Any other character would look like a network that is down, or like
// a wrong secret.
const headerText = checkedText(
  (text) => strayIn(text) ?? (VISIBLE_ASCII.test(text) ? undefined : ASCII_EXPECTED),
).check(NOT_EMPTY);

const VISIBLE_ASCII = /^[\x21-\x7e]*$/;
const ASCII_EXPECTED = { message: 'must be one word of ASCII characters, without spaces' };

// White space at the ends of a password may be meant: see `passwordDoubt`.
const passwordText = checkedText(damage).check(NOT_EMPTY);

const password = strictObject({
  kind: z.literal('password'),
  domain: line,
  user: line,
  password: passwordText,
});

const token = strictObject({ kind: z.literal('token'), token: headerText, expires_at: z.optional(instant) });

const accessKey = strictObject({
  kind: z.literal('access_key'),
  access_key_id: headerText,
  secret_access_key: headerText,
  security_token: z.optional(headerText),
});

const credential = z.discriminatedUnion('kind', [password, token, accessKey], {
  error: (issue) =>
    issue.code === 'invalid_union' ? 'must be "password", "token" or "access_key"' : undefined,
});

/** A secret of the secret store. `kind` decides how requests are authorised. */
export type Credential = z.output<typeof credential>;
export type PasswordCredential = z.output<typeof password>;
export type AccessKeyCredential = z.output<typeof accessKey>;

/** Reads a secret's document, or throws an `InputError` with every issue by path and no value. */
export function readCredential(document: unknown, name: string): Credential {
  return readInput(credential, document, subjectOf(name));
}

/**
 * Why the password of a credential may not be the one that was meant, such as `The password ends with a line break
 * (U+000A)`; undefined when there is no such reason. No other character of the password is shown.
 */
export function passwordDoubt(credential: Credential): string | undefined {
  const stray = credential.kind === 'password' ? strayEnd(credential.password) : undefined;
  return stray && `The password ${stray}`;
}

/** Reads a secret's text. The parser's own message quotes the text, so it is not passed on. */
export function readCredentialText(json: string, name: string): Credential {
  return readCredential(parseSecretJson(json, subjectOf(name)), name);
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

/**
 * Parses JSON that holds secrets. An issue shows no character of the text. A byte order mark, which some editors write at
 * the start, is ignored.
 */
function parseSecretJson(json: string, subject: string): unknown {
  try {
    return JSON.parse(json.replace(/^\ufeff/, ''));
  } catch {
    throw new InputError(subject, [
      {
        path: '(the whole document)',
        message: 'is not valid JSON (its text is not shown, it holds secrets)',
      },
    ]);
  }
}

function subjectOf(name: string): string {
  return `Invalid secret "${name}":`;
}
