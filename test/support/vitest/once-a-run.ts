import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { inject } from 'vitest';

/**
 * Makes something slow once in a run of the tests, in the first worker that needs it, and resolves to its folder. The
 * other workers wait. All workers share the folder, so no test may change or remove it. `what` is a key of everything that
 * the result depends on, except the sources. An error of `make` is thrown in every worker.
 */
export async function onceARun(what: unknown, make: (folder: string) => Promise<void>): Promise<string> {
  const name = createHash('sha256').update(JSON.stringify(what)).digest('hex').slice(0, 16);
  const folder = join(inject('runFolder'), name);
  const isFirst = await mkdir(folder).then(
    () => true,
    (error) => (error.code === 'EEXIST' ? false : Promise.reject(error)),
  );
  const outcome = `${folder}.outcome`;
  if (isFirst) await writeAtOnce(outcome, await make(folder).then(() => '', String));
  const failure = await readWhenThere(outcome);
  if (failure) throw new Error(failure);
  return folder;
}

async function writeAtOnce(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text);
  await rename(`${path}.new`, path);
}

// If the first worker never ends, the time limit of the waiting test ends this loop.
async function readWhenThere(path: string): Promise<string> {
  for (;;) {
    const text = await readFile(path, 'utf8').catch(() => undefined);
    if (text !== undefined) return text;
    await wait(20);
  }
}
