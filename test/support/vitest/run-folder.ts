import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder that all workers share; see `once-a-run.ts`. */
    runFolder: string;
  }
}

/** Creates a folder for one run of the tests. Vitest calls this function before all tests, and its result after them. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'login-export-run-'));
  provide('runFolder', folder);
  return () => rm(folder, { recursive: true });
}
