/** What is wrong with a path, for people: the answer of the operating system when the path was used. */
export function pathMessage(error: unknown): string {
  const code = codeOf(error);
  const text = code === undefined ? undefined : TEXTS[code];
  if (text) return `${text} (${code})`;
  return error instanceof Error ? error.message : String(error);
}

/** The path of an error of the operating system, if `pathMessage` has a text for the error. */
export function pathOf(error: unknown): string | undefined {
  const code = codeOf(error);
  if (code === undefined || !(code in TEXTS) || !(error instanceof Error) || !('path' in error))
    return undefined;
  return typeof error.path === 'string' ? error.path : undefined;
}

/** The code of an error of the operating system, such as `ENOENT`. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

const TEXTS: Record<string, string> = {
  EACCES: 'cannot be accessed by the user of this command',
  EDQUOT: "is on a disk where the user's quota is used up",
  EIO: 'is on a disk that cannot be read or written',
  EISDIR: 'is a folder, not a file',
  ELOOP: 'is a loop of symbolic links',
  EMFILE: 'cannot be opened: too many files are open',
  ENAMETOOLONG: 'is longer than the file system allows',
  ENOENT: 'does not exist',
  ENOSPC: 'is on a full disk',
  ENOTDIR: 'is below a path that is not a folder',
  EPERM: 'cannot be accessed by the user of this command',
  EROFS: 'is on a read-only file system',
};
