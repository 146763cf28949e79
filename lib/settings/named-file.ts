import { open, stat } from 'node:fs/promises';

export type NamedFileOptions = {
  /** A file that has more is refused before it is read to its end. */
  mostMegabytes: number;
  /** It may be a pipe as well: `<(...)`, or /dev/stdin behind one. */
  mayBePipe?: boolean;
  /** Is handed the permissions of the file (`st_mode`) before it is read, and throws to prevent that. */
  checkMode?: (mode: number) => void;
};

/** Why what a person named is not read; the message says what is wrong with it. */
export class UnusableFileError extends Error {
  override readonly name = 'UnusableFileError';
  readonly reason: 'folder' | 'no_file' | 'too_large';

  constructor(reason: UnusableFileError['reason'], message: string) {
    super(message);
    this.reason = reason;
  }
}

/**
 * Reads a file that a person named. Whatever that turns out to be, it uses no more memory than it may: a device has no end.
 * Throws an `UnusableFileError`, or what the system answers.
 */
export async function readNamedFile(
  path: string,
  { mostMegabytes, mayBePipe = false, checkMode }: NamedFileOptions,
): Promise<Buffer> {
  // Before it is opened: a pipe would keep us waiting for its other end.
  const found = await stat(path);
  if (found.isDirectory()) throw new UnusableFileError('folder', 'is a folder, not a file');
  if (!found.isFile() && !(mayBePipe && found.isFIFO())) throw new UnusableFileError('no_file', 'is no file');
  await using handle = await open(path);
  checkMode?.((await handle.stat()).mode);
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of handle.createReadStream({ autoClose: false })) {
    bytes += chunk.length;
    if (bytes > mostMegabytes * MEGABYTE)
      throw new UnusableFileError(
        'too_large',
        `has more than ${mostMegabytes} MB, and no such file needs that much`,
      );
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const MEGABYTE = 1_000_000;
