import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';

const NODE = ['--disable-warning=ExperimentalWarning'];

/** Runs a program under this folder in a process of its own and resolves to the JSON that it printed. */
export async function measuredBy<Value>(program: string, args: readonly (string | number)[]): Promise<Value> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...NODE,
    file(program),
    ...args.map(String),
  ]);
  return JSON.parse(stdout);
}

/** Starts a server under this folder in a process of its own, so that what it costs is not measured. */
export async function startServer(program: string, args: readonly number[] = []) {
  const child = spawn(process.execPath, [...NODE, file(program), ...args.map(String)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [origin] = await Promise.race([once(child.stdout, 'data'), once(child, 'close')]);
  return {
    origin: String(origin).trim(),
    stop: async () => {
      const isOver = once(child, 'close');
      child.stdin.end();
      await isOver;
    },
  };
}

/** For a server that `startServer` starts: prints its origin, and resolves when it is to stop. */
export async function serveFrom(origin: string): Promise<void> {
  process.stdout.write(`${origin}\n`);
  await text(process.stdin);
}

function file(program: string): string {
  return join(import.meta.dirname, program);
}
