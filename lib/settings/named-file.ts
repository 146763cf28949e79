import { open, stat } from 'node:fs/promises';

export type NamedFileOptions = {
  /** A larger file is refused before its end is read. */
  mostMegabytes: number;
  /** Also reads a pipe: `<(...)`, or /dev/stdin behind one. */
  mayBePipe?: boolean;
  /** Is called with the permissions of the file (`st_mode`) before the file is read, and throws to prevent that. */
  checkMode?: (mode: number) => void;
};

/** Why the path that a person named is not read. The message says what is wrong with it. */
export class UnusableFileError extends Error {
  override readonly name = 'UnusableFileError';
  readonly reason: 'folder' | 'no_file' | 'too_large';

  constructor(reason: UnusableFileError['reason'], message: string) {
    super(message);
    this.reason = reason;
  }
}

/**
 * Reads a file that a person named, and uses no more memory than allowed: a device has no end.
 * Throws an `UnusableFileError`, or the error of the operating system.
 */
export async function readNamedFile(
  path: string,
  { mostMegabytes, mayBePipe = false, checkMode }: NamedFileOptions,
): Promise<Buffer> {
  // Before the file is opened: opening a pipe waits for its writer.
  const found = await stat(path);
  if (found.isDirectory()) throw new UnusableFileError('folder', 'is a folder, not a file');
  if (!found.isFile() && !(mayBePipe && found.isFIFO()))
    throw new UnusableFileError('no_file', 'is not a file');
  await using handle = await open(path);
  checkMode?.((await handle.stat()).mode);
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of handle.createReadStream({ autoClose: false })) {
    bytes += chunk.length;
    if (bytes > mostMegabytes * MEGABYTE)
      throw new UnusableFileError(
        'too_large',
        `has more than ${mostMegabytes} MB, which is the limit for such a file`,
      );
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const MEGABYTE = 1_000_000;
