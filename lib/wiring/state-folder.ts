import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { InputError } from '../domain/errors.ts';

/** Makes the folder that holds ledger and queue, if it is missing. Throws an `InputError` where none can be. */
export function makeStateFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new InputError('The folder for the state cannot be made:', [
      { path: folder || '--state', problem },
    ]);
  }
}

/** Whether a run could make the folder, or write to it and to `file` in it; makes nothing. Throws an `InputError` if not. */
export function checkStateFolder(folder: string, file: string): void {
  const path = join(folder, file);
  const existing = existsSync(path) ? path : nearestFolder(folder);
  try {
    const isFolder = statSync(existing).isDirectory();
    if (isFolder === (existing === path)) throw new Error(isFolder ? 'is a folder' : 'is no folder');
    accessSync(existing, constants.W_OK);
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new InputError('The state cannot be written:', [{ path: existing, problem }]);
  }
}

// What is missing would be made in the nearest folder that is there.
function nearestFolder(folder: string): string {
  return existsSync(folder) || dirname(folder) === folder ? folder : nearestFolder(dirname(folder));
}
