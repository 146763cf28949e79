import { execFileSync } from 'node:child_process';
import { createWriteStream, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readNamedFile } from '../../lib/settings/named-file.ts';
import { login } from '../support/command/command-line.ts';
import { temporaryFolder } from '../support/vitest/temporary-folder.ts';

const folder = () => temporaryFolder();

function pipe(): string {
  const path = join(folder(), 'pipe');
  execFileSync('mkfifo', [path]);
  return path;
}

describe('what a person names', () => {
  it('is read whole, up to the limit', async () => {
    const path = join(folder(), 'file');
    const content = Buffer.alloc(1_000_000, 'a');
    writeFileSync(path, content);
    expect((await readNamedFile(path, { mostMegabytes: 1 })).equals(content)).toBe(true);
  });

  it('is refused with a byte more than the limit', async () => {
    const path = join(folder(), 'file');
    writeFileSync(path, Buffer.alloc(1_000_001));
    await expect(readNamedFile(path, { mostMegabytes: 1 })).rejects.toThrow(
      'has more than 1 MB, which is the limit for such a file',
    );
  });

  it('may be a pipe where that is fine, and is read to its end', async () => {
    const path = pipe();
    const read = readNamedFile(path, { mostMegabytes: 1, mayBePipe: true });
    createWriteStream(path).end('a: 1\n');
    expect((await read).toString()).toBe('a: 1\n');
  });

  it('is refused as a pipe that has no end, at the limit', async () => {
    const path = pipe();
    const read = readNamedFile(path, { mostMegabytes: 1, mayBePipe: true });
    const endless = createWriteStream(path).on('error', () => undefined);
    endless.write(Buffer.alloc(2_000_000));
    await expect(read).rejects.toThrow('has more than 1 MB');
    endless.destroy();
  });

  it('is not waited for as a pipe where that is not fine', async () => {
    await expect(readNamedFile(pipe(), { mostMegabytes: 1 })).rejects.toThrow('is not a file');
  });

  it('is no folder', async () => {
    const path = join(folder(), 'sub');
    mkdirSync(path);
    await expect(readNamedFile(path, { mostMegabytes: 1 })).rejects.toThrow('is a folder, not a file');
  });

  it('is no device, which has no end', async () => {
    await expect(readNamedFile('/dev/zero', { mostMegabytes: 1, mayBePipe: true })).rejects.toThrow(
      'is not a file',
    );
  });

  it('is read only with permissions that are right', async () => {
    const path = join(folder(), 'file');
    writeFileSync(path, 'x', { mode: 0o640 });
    const modes: number[] = [];
    const checkMode = (mode: number) => void modes.push(mode);
    await readNamedFile(path, { mostMegabytes: 1, checkMode });
    expect(modes).toEqual([statSync(path).mode]);
  });
});

describe('a device in the place of a file', () => {
  it.each([
    ['targets', ['plan', '--targets', '/dev/zero'], '/dev/zero: is not a file'],
    ['a scenario', ['emulator', '--scenario', '/dev/zero'], '/dev/zero: is not a file'],
  ])('of %s is wrong usage, at once', async (_, words, said) => {
    const { status, stderr } = await login(words);
    expect([status, stderr]).toEqual([2, expect.stringContaining(said)]);
  });
});
