import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where things lie that all workers share; see `once-a-run.ts`. */
    runFolder: string;
  }
}

/** Vitest calls this before all tests, and what it returns after them: a folder that lives as long as one run of the tests. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'login-export-run-'));
  provide('runFolder', folder);
  return () => rm(folder, { recursive: true });
}
