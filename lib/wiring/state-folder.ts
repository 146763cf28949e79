import { accessSync, constants, lstatSync, mkdirSync, type Stats, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { InputError } from '../domain/errors.ts';
import { codeOf, pathMessage } from '../domain/input/path-message.ts';

const STATE_FILE = 'state.sqlite';

const JOURNALS = ['-wal', '-journal'];

const OWNER_ONLY = 0o700;
const GROUP_AND_OTHERS = 0o077;
const WRITTEN_BY_OTHERS = 0o022;
const STICKY = 0o1000;

/** The file in a state folder that holds ledger and queue. */
export function stateFileIn(folder: string): string {
  return join(folder, STATE_FILE);
}

/**
 * Makes the folder that holds ledger and queue, for its owner alone, if it is missing. The mode of one that is there is
 * its owner's choice and stays. Throws an `InputError` where none can be.
 */
export function makeStateFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: OWNER_ONLY });
  } catch (cause) {
    refuseDangling(folder, UNMAKEABLE);
    const why = codeOf(cause) === 'EEXIST' ? new Error('is no folder') : cause;
    throw unusable(UNMAKEABLE, folder || '--state', why);
  }
}

const UNMAKEABLE = 'The folder for the state cannot be made:';

/** Whether a run could make the folder, or write to it and to its file; makes nothing. Throws an `InputError` if not. */
export function checkStateFolder(folder: string): void {
  const file = stateFileIn(folder);
  const isThere = found(file) !== undefined;
  requireWritable(isThere ? folder : nearestFolder(folder), { isFolder: true });
  if (isThere) requireWritable(file, { isFolder: false });
}

function requireWritable(path: string, { isFolder }: { isFolder: boolean }): void {
  try {
    if (isFolder && !statSync(path).isDirectory()) throw new Error('is no folder');
    accessSync(path, constants.R_OK | constants.W_OK | (isFolder ? constants.X_OK : 0));
  } catch (cause) {
    throw unusable('The state cannot be written:', path, cause);
  }
}

/** The state file that earlier runs left, for one who reads; undefined where none is. Throws an `InputError` if it may not be read. */
export function findStateFile(folder: string): string | undefined {
  const file = stateFileIn(folder);
  // Of a file that is gone, its journal tells.
  if (!found(file)) return JOURNALS.some((end) => found(`${file}${end}`)?.size) ? file : undefined;
  try {
    accessSync(file, constants.R_OK);
    return file;
  } catch (cause) {
    throw unusable(UNREADABLE, file, cause);
  }
}

/** What other users may read of the state, or could replace, as paths. */
export function exposedState(folder: string): string[] {
  const file = stateFileIn(folder);
  const files = ['', '-shm', ...JOURNALS].map((end) => `${file}${end}`);
  const isOpen = (path: string) => (modeOf(path) & GROUP_AND_OTHERS) !== 0;
  const mode = modeOf(folder);
  const isFolderOpen = (mode & WRITTEN_BY_OTHERS) !== 0 && (mode & STICKY) === 0;
  return [...(isFolderOpen ? [folder] : []), ...files.filter(isOpen)];
}

const UNREADABLE = 'The state cannot be read:';

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
    throw unusable(UNREADABLE, nearestFolder(dirname(file)), new Error('is no folder'));
  }
}

function kindOf(stats: Stats | undefined): string {
  if (!stats) return DANGLING;
  return stats.isDirectory() ? 'is a folder, not a file' : 'is no file';
}

function statOf(path: string, stat: (path: string) => Stats): Stats | undefined {
  try {
    return stat(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

const DANGLING = 'is a symbolic link to nothing';

// The disk that such a link led to may only not be mounted, so what is behind it is not missing.
function refuseDangling(folder: string, subject: string): void {
  const nearest = nearestFolder(folder);
  if (lookedAt(nearest, lstatSync) === undefined && lookedAt(nearest, statSync) === 'ENOENT')
    throw unusable(subject, nearest, new Error(DANGLING));
}

// What is missing would be made in the nearest folder that is there.
function nearestFolder(folder: string): string {
  const isThere = lookedAt(folder, lstatSync) === undefined;
  return isThere || dirname(folder) === folder ? folder : nearestFolder(dirname(folder));
}

// The code of what the system answers; undefined where the path is there.
function lookedAt(path: string, stat: (path: string) => Stats): string | undefined {
  try {
    stat(path);
    return undefined;
  } catch (error) {
    return codeOf(error) ?? 'unknown';
  }
}

// What is missing is not open; what may not even be looked at, opening it tells.
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
