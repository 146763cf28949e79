import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

/**
 * Runs a program in several processes at once and resolves to the output of each. A program must print nothing until
 * `startSignal` has resolved: then all processes are loaded, so that they go on at the same moment.
 */
export async function startTogether(program: string, runs: readonly string[][]): Promise<string[]> {
  const children = runs.map((run) => spawn(process.execPath, ['--no-warnings', program, ...run]));
  const outputs = children.map(async (child) => {
    const [errors, [status]] = await Promise.all([text(child.stderr), once(child, 'close')]);
    if (status !== 0) throw new Error(`a process ended with ${status}: ${errors}`);
  });
  const ready = Promise.all(children.map(({ stdout }) => once(stdout, 'data')));
  await Promise.race([ready, Promise.all(outputs)]);
  const printed = children.map(({ stdout }) => text(stdout));
  for (const { stdin } of children) stdin.end('go');
  await Promise.all(outputs);
  return Promise.all(printed);
}

/** For the program: reports that it is loaded, and waits for the other processes. */
export async function startSignal(): Promise<void> {
  process.stdout.write('ready');
  await text(process.stdin);
}
