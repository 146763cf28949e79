import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PYTHON_TOOLS } from './moto.ts';

/** Runs `aws` with these words; answers with the JSON document that it prints, or undefined when it prints nothing. */
export type Aws = (...words: string[]) => Promise<ReturnType<typeof JSON.parse>>;

/** AWS's own command line, in an environment that says which AWS it talks to. */
export function awsCli(environment: Record<string, string>): Aws {
  const env = { PATH: `${PYTHON_TOOLS}:${process.env['PATH']}`, AWS_PAGER: '', ...environment };
  const aws = join(PYTHON_TOOLS, 'aws');
  // A queue's URL would send it to AWS itself, whatever the environment says.
  const endpoint = ['--endpoint-url', environment['AWS_ENDPOINT_URL'] ?? ''];
  return async (...words) => {
    const { stdout } = await promisify(execFile)(aws, [...words, ...endpoint, '--output', 'json'], { env });
    return stdout.trim() === '' ? undefined : JSON.parse(stdout);
  };
}
