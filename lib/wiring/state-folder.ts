import { mkdirSync } from 'node:fs';
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
