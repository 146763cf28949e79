import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { onTestFinished } from 'vitest';
import type { Answer } from './lambda-process.ts';

/** A deployed function: `invoke` sends one event, `output` is its log so far. */
export type Lambda = {
  invoke(event: unknown, remainingMilliseconds?: number): Promise<Answer>;
  output(): string;
};

/**
 * Unpacks a deployment package and loads it in a process of its own, with only the given environment. A test can
 * `change` the code.
 */
export async function deployLambda(
  zip: string,
  folder: string,
  environment: Record<string, string>,
  change = (code: string) => code,
): Promise<Lambda> {
  mkdirSync(folder, { recursive: true });
  for (const [name, contents] of Object.entries(unzipSync(readFileSync(zip)))) {
    writeFileSync(join(folder, name), change(strFromU8(contents)));
  }
  const runtime = join(import.meta.dirname, 'lambda-process.ts');
  const child = fork(runtime, [join(folder, 'index.mjs')], {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  onTestFinished(() => void child.kill());
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => Promise.reject(new Error(output))),
  ]);
  return {
    invoke: async (event, remainingMilliseconds = 60_000) => {
      const answered = once(child, 'message');
      child.send({ event, remainingMilliseconds });
      const [answer] = await answered;
      return answer;
    },
    output: () => output,
  };
}
