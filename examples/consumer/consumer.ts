#!/usr/bin/env -S node --max-http-header-size=131072
import { existsSync, mkdirSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { connect, LoginError, type Task } from './huawei.ts';
import { openQueue, type TaskMessage } from './queue.ts';

const { values: options } = parseArgs({
  options: {
    queue: { type: 'string', default: '.login-export' },
    credential: { type: 'string', default: 'consumer.json' },
    iam: { type: 'string' },
    files: { type: 'string', default: 'login-records' },
    patience: { type: 'string', default: '600' },
    pause: { type: 'string', default: '10' },
  },
});
const queue = openQueue(options.queue);
const huawei = connect(options);
mkdirSync(options.files, { recursive: true, mode: 0o700 });

for await (const { handle, message } of queue.messages()) {
  const name = `${message.data.target.id} ${message.subject}, attempt ${message.data.attempt}`;
  try {
    const outcome = existsSync(receiptOf(message)) ? 'already here' : await fetchFile(message);
    await queue.acknowledge(handle);
    process.stdout.write(`${name}: ${outcome}\n`);
  } catch (error) {
    // The message stays on the queue. A refused login ends all: each further try brings the account nearer to its lock.
    process.exitCode = 1;
    process.stderr.write(`${name}: ${error}\n`);
    if (error instanceof LoginError) break;
  }
}

async function fetchFile(message: TaskMessage): Promise<string> {
  const task = await endedTask(message);
  // The exporter orders the next attempt, which has a message of its own.
  if (task.status === 'FAIL') return `failed, ${JSON.stringify([task.error_code, task.fail_reason])}`;
  if (task.status !== 'SUCCESS') throw new Error(`no file: the task is ${JSON.stringify(task.status)}`);
  const extension = /\.[a-z0-9]{1,8}$/i.exec(task.file_name ?? '')?.[0] ?? '';
  const file = join(options.files, `${message.id}${extension}`);
  await write(file, await huawei.download(message));
  // Last: it says which window the file is of, and that the file is whole.
  await write(receiptOf(message), JSON.stringify(message, null, 2));
  return file;
}

async function endedTask(message: TaskMessage): Promise<Task> {
  const end = Date.now() + Number(options.patience) * 1000;
  let task = await huawei.find(message);
  while ((!task || task.status === 'CREATING') && Date.now() < end) {
    await wait(Number(options.pause) * 1000);
    task = await huawei.find(message);
  }
  if (task && task.status !== 'CREATING') return task;
  throw new Error(task ? 'the task is still CREATING' : 'the task is not in the list');
}

function receiptOf({ id, type }: TaskMessage): string {
  const isKnown = type === 'workspace.login-export.task-submitted.v1' && /^[0-9a-f]{32}$/.test(id);
  if (!isKnown) throw new Error('this is no message about an export task');
  return join(options.files, `${id}.json`);
}

// Whole or not at all, and for its owner alone: the files hold records of people.
async function write(file: string, content: string | Uint8Array): Promise<void> {
  await writeFile(`${file}.part`, content, { mode: 0o600 });
  await rename(`${file}.part`, file);
}
