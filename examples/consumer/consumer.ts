#!/usr/bin/env -S node --max-http-header-size=131072
import { existsSync, mkdirSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { connect, LoginError, type Task } from './huawei.ts';
import { openQueue, type TaskMessage } from './queue.ts';

const USAGE = `Usage: npx node --max-http-header-size=131072 examples/consumer/consumer.ts [options]
  --queue <place>       state folder of login-export, or URL of an SQS queue (.login-export)
  --credential <file>   JSON file with domain, user and password (consumer.json)
  --files <folder>      where the files go (login-records)
  --iam <URL>           another host than https://iam.<region>.myhuaweicloud.com
  --patience <seconds>  how long to wait for one task (600)
  --pause <seconds>     how long between two looks at the list (10)
`;

const { options, queue, huawei } = setUp();
try {
  for await (const { handle, message } of queue.messages()) {
    const name = `${message.data.target.id} ${message.subject}, attempt ${message.data.attempt}`;
    try {
      const outcome = existsSync(receiptOf(message)) ? 'already here' : await fetchFile(message);
      await queue.acknowledge(handle);
      process.stdout.write(`${name}: ${outcome}\n`);
    } catch (error) {
      // The message stays on the queue. A refused login ends all: each further try brings the account nearer to its lock.
      report(name, error);
      if (error instanceof LoginError) break;
    }
  }
} catch (error) {
  report(`--queue ${options.queue}`, error);
}

async function fetchFile(message: TaskMessage): Promise<string> {
  const task = await endedTask(message);
  // The exporter orders the next attempt, which has a message of its own.
  if (task.status === 'FAIL') return `failed, ${JSON.stringify([task.error_code, task.fail_reason])}`;
  if (task.status !== 'SUCCESS') throw new Error(`no file: the task is ${JSON.stringify(task.status)}`);
  const extension = /\.[a-z0-9]{1,8}$/i.exec(task.file_name ?? '')?.[0] ?? '';
  const content = await huawei.download(message);
  checkContent(content, task);
  const file = join(options.files, `${message.id}${extension}`);
  await write(file, content);
  // Last: it says which window the file is of, and that the file is whole.
  await write(receiptOf(message), JSON.stringify(message, null, 2));
  return file;
}

function checkContent(content: Uint8Array, { file_name: name = '' }: Task): void {
  if (content.length === 0) throw new Error('no file: the download has no bytes');
  // How Huawei would write a link to the file is not documented, so nobody can follow it safely.
  if (!/\.json$/i.test(name) && isJson(content))
    throw new Error(
      `no file: the download is JSON, perhaps with a link, and file_name is ${JSON.stringify(name)}`,
    );
}

async function endedTask(message: TaskMessage): Promise<Task> {
  const end = Date.now() + options.patience * 1000;
  let task = await huawei.find(message);
  while ((!task || task.status === 'CREATING') && Date.now() < end) {
    await wait(options.pause * 1000);
    task = await huawei.find(message);
  }
  if (task && task.status !== 'CREATING') return task;
  throw new Error(task ? 'the task is still CREATING' : 'the task is not in the list');
}

// No file has this name: an extension has one dot.
function receiptOf({ id }: TaskMessage): string {
  return join(options.files, `${id}.message.json`);
}

function isJson(content: Uint8Array): boolean {
  try {
    JSON.parse(new TextDecoder().decode(content));
    return true;
  } catch {
    return false;
  }
}

// Whole or not at all, and for its owner alone: the files hold records of people.
async function write(file: string, content: string | Uint8Array): Promise<void> {
  await writeFile(`${file}.part`, content, { mode: 0o600 });
  await rename(`${file}.part`, file);
}

function report(name: string, error: unknown): void {
  process.exitCode = 1;
  process.stderr.write(`${name}: ${error instanceof Error ? error.message : error}\n`);
}

function setUp() {
  try {
    const options = readOptions();
    const huawei = connect(options);
    makeFolder(options.files);
    return { options, queue: openQueue(options.queue), huawei };
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\nFor the options: --help\n`);
    process.exit(2);
  }
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      help: { type: 'boolean', short: 'h' },
      queue: { type: 'string', default: '.login-export' },
      credential: { type: 'string', default: 'consumer.json' },
      iam: { type: 'string' },
      files: { type: 'string', default: 'login-records' },
      patience: { type: 'string', default: '600' },
      pause: { type: 'string', default: '10' },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    process.exit(0);
  }
  if (values.iam !== undefined && !/^https?:$/.test(URL.parse(values.iam)?.protocol ?? ''))
    throw new Error(`--iam ${values.iam}: must be a URL, as https://iam.eu-west-101.myhuaweicloud.com`);
  const seconds = (name: 'patience' | 'pause') => {
    if (/^\d{1,6}(\.\d+)?$/.test(values[name])) return Number(values[name]);
    throw new Error(`--${name} ${values[name]}: must be a number of seconds, as 30, below a million`);
  };
  return { ...values, patience: seconds('patience'), pause: seconds('pause') };
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new Error(
      `--files ${folder}: must be a folder, or a place for a new one (${(error as Error).message})`,
    );
  }
}
