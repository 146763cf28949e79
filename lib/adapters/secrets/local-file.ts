import { InputError, type Issue } from '../../domain/errors.ts';
import { type Credential, readCredential } from '../../domain/input/credential.ts';
import { codeOf, pathMessage, pathOf } from '../../domain/input/path-message.ts';
import { nearest } from '../../domain/input/schema.ts';
import { decodeUtf8 } from '../../domain/input/utf8.ts';
import { strayEnd, withoutStrayEnds } from '../../domain/stray-characters.ts';
import type { SecretStore } from '../../ports.ts';
import { readNamedFile, UnusableFileError } from '../../settings/named-file.ts';
import { wrapErrors } from '../errors.ts';

type Options = {
  /** The JSON file: `{"<name>": {"kind": "password" | "token" | "access_key", ...}}`. Its owner alone may read it. */
  file: string;
};

const GROUP_AND_OTHERS = 0o077;

/**
 * The secrets in a file of one machine. It is read anew each time, so a secret that was changed counts at once. Each of
 * its errors says what to write or to run for the secret that was asked for.
 */
export function createSecretsFile({ file }: Options): SecretStore {
  let last: { text: Buffer; document: unknown } | undefined;
  // A run of a thousand targets must not parse a thousand secrets a thousand times.
  const parsed = (text: Buffer, name: string): unknown => {
    if (last?.text.equals(text)) return last.document;
    last = { text, document: parse(decodeUtf8(text, subjectOf(file)), name, file) };
    return last.document;
  };
  return {
    read: (name) =>
      wrapErrors(`read the secrets file ${file}`, async () =>
        credentialIn(parsed(await readPrivately(file, name), name), name, file),
      ),
  };
}

// Thousands of secrets.
const MOST_MEGABYTES = 1;

// No pipe: it would have nothing to read the second time.
async function readPrivately(file: string, name: string): Promise<Buffer> {
  const checkMode = (mode: number) => {
    if ((mode & GROUP_AND_OTHERS) === 0) return;
    const message = 'can be read by other users';
    throw wrong(file, { path: THE_FILE, message, fix: `run: chmod 600 ${file}` });
  };
  try {
    return await readNamedFile(file, { mostMegabytes: MOST_MEGABYTES, checkMode });
  } catch (error) {
    if (pathOf(error) === undefined && !(error instanceof UnusableFileError)) throw error;
    throw wrong(file, { path: THE_FILE, message: pathMessage(error), fix: fixOf(error, name, file) });
  }
}

function fixOf(error: unknown, name: string, file: string): string {
  if (error instanceof UnusableFileError)
    return error.reason === 'folder' ? 'name a file in it with --secrets' : 'name a file with --secrets';
  switch (codeOf(error)) {
    case 'ENOENT':
      return `write ${secretsDocument(name)} to it ${OTHER_KINDS} and run: chmod 600 ${file}`;
    case 'EACCES':
    case 'EPERM':
      return `run this as its owner, or make this user its owner, as root: chown USER ${file}`;
    default:
      return 'name another file with --secrets';
  }
}

function parse(text: string, name: string, file: string): unknown {
  const fix = `write ${secretsDocument(name)} ${OTHER_KINDS} Further secrets follow after a comma`;
  if (text.trim() === '') throw wrong(file, { path: THE_FILE, message: 'is empty', fix });
  try {
    return JSON.parse(text);
  } catch (error) {
    // The parser's own message quotes the text.
    const message = `is not valid JSON${placeIn(error)} (its text is not shown, it holds secrets)`;
    throw wrong(file, { path: THE_FILE, message, fix });
  }
}

function placeIn(error: unknown): string {
  const [, line, column] = /\(line (\d+) column (\d+)\)$/.exec(String(error)) ?? [];
  return line === undefined ? '' : `: line ${line}, column ${column}`;
}

function credentialIn(document: unknown, name: string, file: string): Credential {
  if (!isMapping(document) || isLonelySecret(document)) throw wrong(file, withoutNames(document, name));
  if (!Object.hasOwn(document, name)) throw wrong(file, missing(name, Object.keys(document)));
  try {
    return readCredential(document[name], name);
  } catch (error) {
    throw error instanceof InputError ? withFix(error, document[name], name) : error;
  }
}

// The names are easily forgotten: on AWS the name of a secret is not part of its text.
function isLonelySecret(document: Record<string, unknown>): boolean {
  return typeof document['kind'] === 'string';
}

function withoutNames(document: unknown, name: string): Issue {
  const kind = isMapping(document) ? document['kind'] : undefined;
  const message =
    kind === undefined ? 'must be an object of secrets by name' : 'is one secret without its name';
  return {
    path: '(the whole document)',
    message,
    fix: `write ${secretsDocument(name, kind)} ${OTHER_KINDS}`,
  };
}

function missing(name: string, known: readonly string[]): Issue {
  const strayed = known.find((each) => withoutStrayEnds(each) === name);
  if (strayed !== undefined) {
    const message = `is missing; that name is in the file, but ${strayEnd(strayed)}`;
    return { path: name, message, fix: 'remove it' };
  }
  const meant = nearest(name, known);
  const others = known.length > 0 ? `the file holds ${known.join(', ')}` : 'the file holds no secret yet';
  const first = meant
    ? `did you mean "${meant}"? Then write credential: ${meant} in the targets file. Otherwise add`
    : `${others}. Add`;
  return { path: name, message: 'is missing', fix: `${first} ${secretEntry(name)} to it ${OTHER_KINDS}` };
}

function withFix(error: InputError, secret: unknown, name: string): InputError {
  const kind = isMapping(secret) ? secret['kind'] : undefined;
  const fix = `write ${secretEntry(name, kind)} ${OTHER_KINDS}`;
  const last = error.issues.length - 1;
  const after = (own: string) => `${own}${own.endsWith('?') ? '' : '.'} ${fix}`;
  return error.withIssues(
    error.issues.map((issue, index) =>
      index === last ? { ...issue, fix: issue.fix ? after(issue.fix) : fix } : issue,
    ),
  );
}

function isMapping(document: unknown): document is Record<string, unknown> {
  return typeof document === 'object' && document !== null && !Array.isArray(document);
}

function wrong(file: string, issue: Issue): InputError {
  return new InputError(subjectOf(file), [issue]);
}

function subjectOf(file: string): string {
  return `Invalid secrets file ${file}:`;
}

const THE_FILE = '(the file)';

/** The documents of the three kinds of secret, with something in the place of what nobody else knows. */
const SHAPES: Record<string, object> = {
  password: { kind: 'password', domain: '<account>', user: '<IAM user>', password: '<password>' },
  token: { kind: 'token', token: '<token>' },
  access_key: {
    kind: 'access_key',
    access_key_id: '<access key id>',
    secret_access_key: '<secret access key>',
  },
};

/** `"<name>": {...}` as written in a secrets file; of kind password where the kind is not known. */
function secretEntry(name: string, kind?: unknown): string {
  return `${JSON.stringify(name)}: ${spaced(JSON.stringify(shapeOf(kind)))}`;
}

/** A whole secrets file with one secret in it. */
function secretsDocument(name: string, kind?: unknown): string {
  return `{${secretEntry(name, kind)}}`;
}

/** The other kinds, for a person who does not have what the document shows. */
const OTHER_KINDS =
  '(Or "kind": "access_key" with access_key_id and secret_access_key, or "kind": "token" with token.)';

function shapeOf(kind: unknown): object | undefined {
  return typeof kind === 'string' && Object.hasOwn(SHAPES, kind) ? SHAPES[kind] : SHAPES['password'];
}

// So that it can be broken into lines of a screen, where JSON stays JSON.
function spaced(json: string): string {
  return json.replaceAll('":"', '": "').replaceAll('","', '", "');
}
