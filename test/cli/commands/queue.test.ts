import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { login } from '../../support/command-line.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

async function filled(): Promise<string> {
  const state = temporaryFolder();
  await login(['--state', state]);
  return join(state, 'demo');
}

/** Follows the queue until something has been printed, or nothing for half a minute. */
async function followed(state: string, ...more: string[]): Promise<string> {
  const stop = new AbortController();
  const onOutput = () => stop.abort();
  const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(30_000)]);
  const words = ['queue', '--follow', '--state', state, ...more];
  return (await login(words, { signal, onOutput })).stdout;
}

const LINE = /^1 {2}demo {2}\S+\/\S+ {2}task [0-9a-f]{32} {2}routine, attempt 1\n$/;

describe('queue --follow', () => {
  it('prints each message as a line for people', async () => {
    expect(await followed(await filled())).toMatch(LINE);
  });

  it('prints each message as a document with --json', async () => {
    const printed = await followed(await filled(), '--json');
    expect(JSON.parse(printed)).toMatchObject({ handle: '1', message: { data: { target: { id: 'demo' } } } });
  });
});

describe('queue', () => {
  it('prints the same line, how many wait, and how to be done with one', async () => {
    const { stdout } = await login(['queue', '--state', await filled()]);
    const [line, last] = stdout.split(/(?<=\n)/);
    expect(line).toMatch(LINE);
    expect(last).toBe('1 waiting. Done with one? queue --ack <handle>\n');
  });

  it('prints one document with --json, and nothing beside it', async () => {
    const { stdout, stderr } = await login(['queue', '--state', await filled(), '--json']);
    expect(JSON.parse(stdout).messages).toHaveLength(1);
    expect(stderr).toBe('');
  });
});
