import { randomUUID } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  linkSync,
  mkdtempSync,
  openSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** What SQLite may leave beside a file when a process dies: changes that are not in the file yet. */
export const JOURNALS = ['-wal', '-journal'];

const OWNER_ONLY = 0o600;

/**
 * Makes a file with what `fill` writes to it, whole or not at all: under another name first, so that no killed run leaves
 * half a file, and never over a file that another process has made meanwhile. SQLite gives a file's journals its mode.
 */
export function makeWhole(file: string, fill: (made: string) => void): void {
  const made = `${file}.new-${randomUUID()}`;
  try {
    closeSync(openSync(made, 'wx', OWNER_ONLY));
    fill(made);
    place(made, file);
  } finally {
    for (const end of ['', '-shm', ...JOURNALS]) rmSync(`${made}${end}`, { force: true });
  }
}

/** Gives a file its name, unless another process has made one of that name. `link`: how the file system does it at once. */
export function place(made: string, file: string, link = linkSync): void {
  try {
    unlessThere(() => link(made, file));
  } catch (error) {
    if (!hasCode(error, NO_LINKS)) throw error;
    // Not whole at once, but never over another file; half a file is noticed by whoever opens it.
    unlessThere(() => copyFileSync(made, file, constants.COPYFILE_EXCL));
  }
}

function unlessThere(make: () => void): void {
  try {
    make();
  } catch (error) {
    if (!hasCode(error, ['EEXIST'])) throw error;
  }
}

// What file systems without hard links answer.
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'];

function hasCode(error: unknown, codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}

/** The journals of a file that hold something. */
export function journalsOf(file: string): string[] {
  return JOURNALS.map((end) => `${file}${end}`).filter((path) => sizeOf(path) > 0);
}

/** Whether a file, and journals beside it, may be written. */
export function isWritable(file: string): boolean {
  try {
    for (const path of [file, dirname(file)]) accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Lets `open` have a copy of a file and its journals, which is deleted from the disk when it returns. SQLite cannot read a
 * file beside which it may not write, and its own way around that trusts that nobody writes meanwhile. Nobody did while
 * the copy was made if neither size nor time has changed.
 */
export function withCopy<Value>(file: string, open: (copy: string) => Value): Value {
  const folder = mkdtempSync(join(tmpdir(), 'login-export-'));
  try {
    const copy = join(folder, 'copy.sqlite');
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const before = stateOf(file);
      for (const end of ENDS) copyIfThere(`${file}${end}`, `${copy}${end}`);
      if (stateOf(file) === before) return open(copy);
    }
    throw new Error('it is written all the time, so no copy could be made to read');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const MOST_TRIES = 10;
const ENDS = ['', ...JOURNALS];

function copyIfThere(from: string, to: string): void {
  rmSync(to, { force: true });
  if (!existsSync(from)) return;
  copyFileSync(from, to);
  // A copy has the mode of what was copied.
  chmodSync(to, OWNER_ONLY);
}

function stateOf(file: string): string {
  const stats = ENDS.map((end) => statSync(`${file}${end}`, { bigint: true, throwIfNoEntry: false }));
  return stats.map((stat) => (stat ? `${stat.ino} ${stat.size} ${stat.mtimeNs}` : 'none')).join(', ');
}

/** In bytes; 0 where there is no file. */
export function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
