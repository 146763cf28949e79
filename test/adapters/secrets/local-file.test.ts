import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { createSecretsFile } from '../../../lib/adapters/secrets/local-file.ts';
import { InputError } from '../../../lib/domain/errors.ts';
import { describeSecretStoreContract } from '../../contracts/secret-store.ts';
import { temporaryFolder } from '../../support/vitest/temporary-folder.ts';

const TOKEN = { kind: 'token', token: 'FAKE-token-1' };

describeSecretStoreContract('a file', async () => {
  const file = newFile();
  return {
    store: createSecretsFile({ file }),
    keep: async (name, document) => {
      const others = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
      writePrivately(file, JSON.stringify({ ...others, [name]: document }));
    },
    close: async () => undefined,
  };
});

describe('the secrets file', () => {
  test.each([0o640, 0o604, 0o620, 0o666, 0o610])(
    'is refused when others than its owner have rights on it: %o',
    async (mode) => {
      const file = newFile();
      writePrivately(file, JSON.stringify({ acme: TOKEN }));
      chmodSync(file, mode);
      const error = await readError(file, 'acme');
      expect(error).toBeInstanceOf(InputError);
      expect(String(error)).toContain(`run: chmod 600 ${file}`);
    },
  );

  test.each([0o600, 0o400])('is read when its owner alone has rights on it: %o', async (mode) => {
    const file = newFile();
    writePrivately(file, JSON.stringify({ acme: TOKEN }));
    chmodSync(file, mode);
    expect(await createSecretsFile({ file }).read('acme')).toEqual(TOKEN);
  });

  test('is read anew each time, so a changed secret counts at once', async () => {
    const file = newFile();
    const store = createSecretsFile({ file });
    writePrivately(file, JSON.stringify({ acme: TOKEN }));
    await store.read('acme');
    writePrivately(file, JSON.stringify({ acme: { ...TOKEN, token: 'FAKE-token-2' } }));
    expect(await store.read('acme')).toEqual({ ...TOKEN, token: 'FAKE-token-2' });
  });

  test('is described when it is missing', async () => {
    const file = newFile();
    const error = await readError(file, 'acme');
    expect(error).toBeInstanceOf(InputError);
    expect(String(error)).toContain(`Invalid secrets file ${file}:`);
    expect(String(error)).toContain('does not exist (ENOENT); write {"acme": {"kind": "password"');
  });

  test('suggests the name that was probably meant', async () => {
    const file = newFile();
    writePrivately(file, JSON.stringify({ 'huawei/acme-prod': TOKEN, 'huawei/other': TOKEN }));
    expect(String(await readError(file, 'huawei/acme-prd'))).toContain(
      'did you mean "huawei/acme-prod"? Then write credential: huawei/acme-prod in the targets file.',
    );
    expect(String(await readError(file, 'x'))).toContain(
      'the file holds huawei/acme-prod, huawei/other. Add',
    );
  });

  test('says that it has no secrets when it has none', async () => {
    const file = newFile();
    writePrivately(file, '{}');
    expect(String(await readError(file, 'acme'))).toContain(
      'acme: is missing; the file holds no secret yet. Add',
    );
  });

  test.each(['[]', '"FAKE-token-1"', 'null', '17'])('must be an object of secrets: %s', async (json) => {
    const file = newFile();
    writePrivately(file, json);
    const error = await readError(file, 'acme');
    expect(error).toBeInstanceOf(InputError);
    expect(error).toMatchObject({ issues: [{ message: 'must be an object of secrets by name' }] });
  });

  test.each([
    ['that is cut off', '{"acme": {"kind": "token", "token": "FAKE-token-1'],
    ['with a slip in it', '{"acme": {"kind": "token", "token": FAKE-token-1}}'],
  ])('shows no character of JSON %s', async (_, json) => {
    const file = newFile();
    writePrivately(file, json);
    const error = await readError(file, 'acme');
    expect(error).toBeInstanceOf(InputError);
    expect(String(error)).toContain(`Invalid secrets file ${file}:`);
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain('FAKE');
  });

  test('in another encoding than UTF-8 names the place of the first wrong byte, and shows nothing', async () => {
    const file = newFile();
    const document = { acme: { kind: 'password', domain: 'd', user: 'u', password: 'FAKE-pässword' } };
    writePrivately(file, Buffer.from(JSON.stringify(document, null, 2), 'latin1'));
    const error = await readError(file, 'acme');
    expect(error).toMatchObject({
      issues: [{ path: 'line 6, column 24', message: 'is not UTF-8', fix: 'save the file as UTF-8' }],
    });
    expect(String(error)).toContain(`Invalid secrets file ${file}:`);
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain('FAKE');
  });

  test('is read behind a byte order mark, and in UTF-16 told to be that', async () => {
    const file = newFile();
    const json = `\ufeff${JSON.stringify({ acme: TOKEN })}`;
    writePrivately(file, json);
    expect(await createSecretsFile({ file }).read('acme')).toEqual(TOKEN);
    writePrivately(file, Buffer.from(json, 'utf16le'));
    expect(String(await readError(file, 'acme'))).toContain('is UTF-16; save the file as UTF-8');
  });

  test('says what stands at an end of the name that is nearly the one', async () => {
    const file = newFile();
    writePrivately(file, JSON.stringify({ 'huawei/acme\n': TOKEN, 'huawei/acne': TOKEN }));
    expect(await readError(file, 'huawei/acme')).toMatchObject({
      issues: [
        {
          path: 'huawei/acme',
          message: 'is missing; that name is in the file, but ends with a line break (U+000A)',
          fix: 'remove it',
        },
      ],
    });
  });

  test('that is a folder, no file, or leads in a circle is named as that', async () => {
    const folder = temporaryFolder();
    const [endless, pipe] = [join(folder, 'endless.json'), join(folder, 'pipe.json')];
    symlinkSync(endless, endless);
    execFileSync('mkfifo', [pipe]);
    for (const [file, said] of [
      [folder, 'is a folder, not a file; name a file in it with --secrets'],
      [pipe, 'is not a file; name a file with --secrets'],
      [endless, 'is a loop of symbolic links (ELOOP); name another file with --secrets'],
      [join(folder, 'x'.repeat(300)), 'is longer than the file system allows (ENAMETOOLONG)'],
    ] as const) {
      const error = await readError(file, 'acme');
      expect(error).toBeInstanceOf(InputError);
      expect(String(error)).toContain(`Invalid secrets file ${file}:\n  (the file): ${said}`);
    }
  });

  test.each([
    ['{"acme": {"kind": "token",\n  "token" "FAKE-token-1"}}', ': line 2, column 11'],
    ['{"acme": FAKE-token-1}', ' (its text'],
  ])('says where JSON breaks off, where the parser says it: %s', async (json, place) => {
    const file = newFile();
    writePrivately(file, json);
    expect(String(await readError(file, 'acme'))).toContain(`is not valid JSON${place}`);
  });
});

function newFile(): string {
  return join(temporaryFolder(), 'secrets.json');
}

function writePrivately(file: string, json: string | Uint8Array): void {
  writeFileSync(file, json, { mode: 0o600 });
}

function readError(file: string, name: string): Promise<unknown> {
  return createSecretsFile({ file })
    .read(name)
    .catch((thrown: unknown) => thrown);
}
