import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Moto, PYTHON_TOOLS } from './moto.ts';

/** What a block of commands printed, both streams together, and how it ended. */
export type Ran = { status: number; output: string };

/** Runs a block of commands of a document as a person would, in a folder, each command only if those before it did well. */
export function personAt(folder: string, { environment }: Moto) {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  // A queue's URL would send the command to AWS itself, whatever the environment says.
  const script = `#!/bin/sh\nexec "${join(PYTHON_TOOLS, 'aws')}" "$@" --endpoint-url "$AWS_ENDPOINT_URL"\n`;
  writeFileSync(join(bin, 'aws'), script);
  chmodSync(join(bin, 'aws'), 0o700);
  const env = {
    PATH: `${bin}:${process.env['PATH']}`,
    HOME: folder,
    AWS_PAGER: '',
    npm_config_loglevel: 'error',
    npm_config_update_notifier: 'false',
    ...environment,
  };
  return async (block: string): Promise<Ran> => {
    const run = promisify(execFile)('sh', ['-ec', block], { cwd: folder, env });
    return run.then(
      ({ stdout, stderr }) => ({ status: 0, output: stdout + stderr }),
      ({ code, stdout, stderr }) => ({ status: code, output: stdout + stderr }),
    );
  };
}
