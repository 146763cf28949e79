import { type FileHandle, open } from 'node:fs/promises';
import { type Credential, parseSecretJson, readCredential } from '../../domain/credential.ts';
import { InputError } from '../../domain/errors.ts';
import { strayEnd, withoutStrayEnds } from '../../domain/stray-characters.ts';
import { decodeUtf8 } from '../../domain/utf8.ts';
import { suggestion } from '../../domain/written-object.ts';
import type { SecretStore } from '../../ports.ts';
import { attempt } from '../infrastructure-failure.ts';

type Options = {
  /** The JSON file: `{"<name>": {"kind": "password" | "token" | "access_key", ...}}`. Its owner alone may read it. */
  file: string;
};

const GROUP_AND_OTHERS = 0o077;

/** The secrets in a file of one machine. It is read anew each time, so a secret that was changed counts at once. */
export function createSecretsFile({ file }: Options): SecretStore {
  let last: { text: Buffer; document: unknown } | undefined;
  // A run of a thousand targets must not parse a thousand secrets a thousand times.
  const parsed = (text: Buffer): unknown => {
    if (last?.text.equals(text)) return last.document;
    const json = decodeUtf8(text, subjectOf(file));
    last = { text, document: parseSecretJson(json, `The secrets file ${file}`) };
    return last.document;
  };
  return {
    read: (name) =>
      attempt(`read the secrets file ${file}`, async () =>
        credentialIn(parsed(await readPrivately(file)), name, file),
      ),
  };
}

async function readPrivately(file: string): Promise<Buffer> {
  await using handle = await openExisting(file);
  const { mode } = await handle.stat();
  if (mode & GROUP_AND_OTHERS) {
    throw wrong(file, '(the file)', `is open to others than its owner; run: chmod 600 ${file}`);
  }
  return await handle.readFile();
}

async function openExisting(file: string): Promise<FileHandle> {
  try {
    return await open(file);
  } catch (error) {
    if (!isMissing(error)) throw error;
    const shape = '{"<name>": {"kind": "password", "domain": "...", "user": "...", "password": "..."}}';
    throw wrong(file, '(the file)', `does not exist; write ${shape} to it and run: chmod 600 ${file}`);
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function credentialIn(document: unknown, name: string, file: string): Credential {
  if (!isMapping(document)) throw wrong(file, '(the whole document)', 'must be an object of secrets by name');
  if (Object.hasOwn(document, name)) return readCredential(document[name], name);
  throw wrong(file, name, `is missing; ${nearest(name, Object.keys(document))}`);
}

function nearest(name: string, known: readonly string[]): string {
  if (known.length === 0) return 'no secret is in the file yet';
  const strayed = known.find((each) => withoutStrayEnds(each) === name);
  return strayed === undefined
    ? suggestion(name, known)
    : `that name is in the file, but ${strayEnd(strayed)}; remove it`;
}

function isMapping(document: unknown): document is Record<string, unknown> {
  return typeof document === 'object' && document !== null && !Array.isArray(document);
}

function wrong(file: string, path: string, problem: string): InputError {
  return new InputError(subjectOf(file), [{ path, problem }]);
}

function subjectOf(file: string): string {
  return `The secrets file ${file} is not right:`;
}
