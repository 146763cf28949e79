import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { inject } from 'vitest';

/**
 * Makes something that takes seconds once in a run of the tests, whichever worker asks first, and returns the folder
 * that it was made in. The others wait for it; all of them share it, so nobody may change it or take it away.
 * `what` says all that it is made of, apart from the sources. Throws for everyone what `make` threw.
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

// The time limit of the test that waits ends this if the first one never does.
async function readWhenThere(path: string): Promise<string> {
  for (;;) {
    const text = await readFile(path, 'utf8').catch(() => undefined);
    if (text !== undefined) return text;
    await wait(20);
  }
}
