/** What is wrong with a path, in words for people: what the operating system answered when it was to be used. */
export function pathMessage(error: unknown): string {
  const code = codeOf(error);
  const words = code === undefined ? undefined : WORDS[code];
  if (words) return `${words} (${code})`;
  return error instanceof Error ? error.message : String(error);
}

/** The path that an error of the operating system is about, if it is one that `pathMessage` has words for. */
export function pathOf(error: unknown): string | undefined {
  const code = codeOf(error);
  if (code === undefined || !(code in WORDS) || !(error instanceof Error) || !('path' in error))
    return undefined;
  return typeof error.path === 'string' ? error.path : undefined;
}

const WORDS: Record<string, string> = {
  EACCES: 'is not open to the user of this command',
  EDQUOT: "is on a disk on which the user's share is used up",
  EIO: 'is on a disk that does not work',
  EISDIR: 'is a folder, not a file',
  ELOOP: 'leads in a circle, through symbolic links',
  EMFILE: 'cannot be opened: too many files are open',
  ENAMETOOLONG: 'is longer than the file system allows',
  ENOENT: 'does not exist',
  ENOSPC: 'is on a disk that is full',
  ENOTDIR: 'lies below something that is no folder',
  EPERM: 'is not open to the user of this command',
  EROFS: 'is on a file system that cannot be written',
};

/** The code of an error of the operating system, such as `ENOENT`. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
