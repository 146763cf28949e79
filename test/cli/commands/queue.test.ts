import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { createSqliteQueue } from '../../../lib/adapters/queue/local-sqlite.ts';
import { login } from '../../support/command/command-line.ts';
import { taskMessage } from '../../support/ledger/window-rows.ts';
import { temporaryFolder } from '../../support/vitest/temporary-folder.ts';

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
  it('prints the same line, the number of messages, and how to remove one', async () => {
    const { stdout } = await login(['queue', '--state', await filled()]);
    const [line, last] = stdout.split(/(?<=\n)/);
    expect(line).toMatch(LINE);
    expect(last).toBe('1 message. To remove one: login-export queue --ack <handle>\n');
  });

  it('says with which filters an export was ordered: those for one alert differ in nothing else', async () => {
    const { stdout } = await login(['queue', '--state', await damaged([])]);
    expect(stdout).toContain('task task-1  catch-up, attempt 2 with user_name Zoë "z" 李\n');
  });

  it('prints one document with --json, and nothing beside it', async () => {
    const { stdout, stderr } = await login(['queue', '--state', await filled(), '--json']);
    expect(JSON.parse(stdout).messages).toHaveLength(1);
    expect(stderr).toBe('');
  });
});

/** Three messages, of which those of `junk` cannot be read. */
async function damaged(junk: readonly number[]): Promise<string> {
  const state = temporaryFolder();
  const file = join(state, 'state.sqlite');
  const queue = createSqliteQueue({ file });
  for (const task of ['task-1', 'task-2', 'task-3']) await queue.publish(taskMessage(task));
  queue.close();
  const database = new DatabaseSync(file);
  for (const sequence of junk)
    database.prepare('UPDATE messages SET message = ? WHERE sequence = ?').run('junk', sequence);
  database.close();
  return state;
}

const ADVICE = (state: string, handle = 2) =>
  `${handle}  cannot be read: it is not a task message. login-export status shows its window. To remove it: login-export queue --ack ${handle} --state ${state}\n`;

describe('a message that cannot be read', () => {
  it('hides no other, and is named with what to do', async () => {
    const state = await damaged([2]);
    const { status, stdout, stderr } = await login(['queue', '--state', state]);
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
    expect(stdout).toContain('task task-1');
    expect(stdout).toContain('task task-3');
    expect(stdout).toContain(ADVICE(state));
    expect(stdout).toContain('2 messages.');
  });

  it('stands in the document by its handle, beside those that can be read', async () => {
    const state = await damaged([2]);
    const { status, stdout, stderr } = await login(['queue', '--state', state, '--json']);
    expect({ status, stderr }).toEqual({ status: 1, stderr: ADVICE(state) });
    const { messages, ...rest } = JSON.parse(stdout);
    expect(messages.map(({ handle }: { handle: string }) => handle)).toEqual(['1', '3']);
    expect(rest).toEqual({ unreadable: ['2'] });
  });

  it('can be removed, and then all is as it was', async () => {
    const state = await damaged([2]);
    expect((await login(['queue', '--ack', '2', '--state', state])).status).toBe(0);
    const { status, stdout } = await login(['queue', '--state', state, '--json']);
    expect(status).toBe(0);
    expect(Object.keys(JSON.parse(stdout))).toEqual(['messages']);
  });

  it('leaves no queue that is called empty where it is all there is', async () => {
    const state = await damaged([1, 2, 3]);
    const { status, stdout } = await login(['queue', '--state', state]);
    expect(status).toBe(1);
    expect(stdout).toContain('0 messages.');
    expect(stdout).not.toContain('empty');
  });

  it('is told once by --follow, also at the end, and what arrives later is shown', async () => {
    const state = await damaged([2, 3]);
    const queue = createSqliteQueue({ file: join(state, 'state.sqlite') });
    const stop = new AbortController();
    // One after the other, so that the queue is read again for each.
    const next = new Map([
      ['task-1', () => queue.publish(taskMessage('task-4'))],
      ['task-4', () => queue.publish(taskMessage('task-5'))],
      ['task-5', async () => stop.abort()],
    ]);
    const onOutput = (text: string) => {
      for (const [task, go] of next) if (text.includes(`task ${task} `) && next.delete(task)) void go();
    };
    const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(15_000)]);
    const { stdout } = await login(['queue', '--follow', '--state', state], { signal, onOutput });
    queue.close();
    for (const handle of [2, 3]) expect(stdout.split(ADVICE(state, handle))).toHaveLength(2);
    expect(stdout).toContain('task task-1');
    expect(stdout).toContain('task task-5');
  });
});
