import { accessSync, constants, lstatSync, mkdirSync, type Stats, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { JOURNALS } from '../adapters/sqlite-file.ts';
import { InputError } from '../domain/errors.ts';
import { codeOf, pathMessage } from '../domain/input/path-message.ts';

/** The file of the ledger and the queue in a state folder. */
export function stateFileIn(folder: string): string {
  return join(folder, STATE_FILE);
}

/**
 * Creates the folder of the ledger and the queue, for its owner alone, if it is missing. An existing folder keeps its
 * mode, which its owner has chosen. Throws an `InputError` where the folder cannot be created.
 */
export function makeStateFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: OWNER_ONLY });
  } catch (cause) {
    refuseDangling(folder, NOT_CREATED);
    const why = codeOf(cause) === 'EEXIST' ? new Error('is not a folder') : cause;
    throw unusable(NOT_CREATED, folder || '--state', why);
  }
}

/** Throws an `InputError` if a run could not create the folder, or not write to the folder and its file. Creates nothing. */
export function checkStateFolder(folder: string): void {
  const file = stateFileIn(folder);
  const isThere = found(file) !== undefined;
  requireWritable(isThere ? folder : nearestFolder(folder), { isFolder: true });
  if (isThere) requireWritable(file, { isFolder: false });
}

/** The state file of earlier runs; undefined where there is none. Throws an `InputError` if it cannot be read. */
export function findStateFile(folder: string): string | undefined {
  const file = stateFileIn(folder);
  // A journal without its file shows that the file was deleted.
  if (!found(file)) return JOURNALS.some((end) => found(`${file}${end}`)?.size) ? file : undefined;
  try {
    accessSync(file, constants.R_OK);
    return file;
  } catch (cause) {
    throw unusable(UNREADABLE, file, cause);
  }
}

/** The paths of the state that other users can read or replace. */
export function exposedState(folder: string): string[] {
  const file = stateFileIn(folder);
  const files = ['', '-shm', ...JOURNALS].map((end) => `${file}${end}`);
  const isOpen = (path: string) => (modeOf(path) & GROUP_AND_OTHERS) !== 0;
  const mode = modeOf(folder);
  const isFolderOpen = (mode & WRITTEN_BY_OTHERS) !== 0 && (mode & STICKY) === 0;
  return [...(isFolderOpen ? [folder] : []), ...files.filter(isOpen)];
}

const STATE_FILE = 'state.sqlite';

const OWNER_ONLY = 0o700;
const GROUP_AND_OTHERS = 0o077;
const WRITTEN_BY_OTHERS = 0o022;
const STICKY = 0o1000;

const NOT_CREATED = 'The state folder cannot be created:';
const UNREADABLE = 'The state cannot be read:';

function requireWritable(path: string, { isFolder }: { isFolder: boolean }): void {
  try {
    if (isFolder && !statSync(path).isDirectory()) throw new Error('is not a folder');
    accessSync(path, constants.R_OK | constants.W_OK | (isFolder ? constants.X_OK : 0));
  } catch (cause) {
    throw unusable('The state cannot be written:', path, cause);
  }
}

function found(file: string): Stats | undefined {
  const stats = look(file);
  if (!stats) refuseDangling(dirname(file), UNREADABLE);
  return stats;
}

function look(file: string): Stats | undefined {
  try {
    const stats = statOf(file, statSync);
    if (stats ? !stats.isFile() : statOf(file, lstatSync)) throw new Error(kindOf(stats));
    return stats;
  } catch (cause) {
    if (codeOf(cause) !== 'ENOTDIR') throw unusable(UNREADABLE, file, cause);
    throw unusable(UNREADABLE, nearestFolder(dirname(file)), new Error('is not a folder'));
  }
}

function kindOf(stats: Stats | undefined): string {
  if (!stats) return DANGLING;
  return stats.isDirectory() ? 'is a folder, not a file' : 'is not a file';
}

function statOf(path: string, stat: (path: string) => Stats): Stats | undefined {
  try {
    return stat(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

const DANGLING = 'is a broken symbolic link';

// The disk behind such a link may only be unmounted, so the state is not missing.
function refuseDangling(folder: string, subject: string): void {
  const nearest = nearestFolder(folder);
  if (lookedAt(nearest, lstatSync) === undefined && lookedAt(nearest, statSync) === 'ENOENT')
    throw unusable(subject, nearest, new Error(DANGLING));
}

// The nearest existing folder: missing folders would be created in it.
function nearestFolder(folder: string): string {
  const isThere = lookedAt(folder, lstatSync) === undefined;
  return isThere || dirname(folder) === folder ? folder : nearestFolder(dirname(folder));
}

// The error code of the operating system; undefined where the path exists.
function lookedAt(path: string, stat: (path: string) => Stats): string | undefined {
  try {
    stat(path);
    return undefined;
  } catch (error) {
    return codeOf(error) ?? 'unknown';
  }
}

// A missing path is not readable by others. An error of any other kind shows when the path is opened.
function modeOf(path: string): number {
  try {
    return statSync(path).mode;
  } catch {
    return 0;
  }
}

function unusable(subject: string, path: string, cause: unknown): InputError {
  return new InputError(subject, [{ path, message: pathMessage(cause) }]);
}
