import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createSqliteLedger } from '../../../lib/adapters/ledger/local-sqlite.ts';
import { createSqliteQueue } from '../../../lib/adapters/queue/local-sqlite.ts';
import { InfrastructureError, InputError } from '../../../lib/domain/errors.ts';
import { describeQueueContract } from '../../contracts/queue.ts';
import { taskMessage, windowKey, windowRow } from '../../support/ledger/window-rows.ts';
import { temporaryFolder } from '../../support/vitest/temporary-folder.ts';

describeQueueContract('SQLite', async () => {
  const queue = createSqliteQueue({ file: newFile() });
  return {
    queue,
    received: async () => (await queue.waiting()).map(({ message }) => message),
    close: async () => queue.close(),
  };
});

test('on a file that another process holds says so, and what to do', async () => {
  const file = join(temporaryFolder(), 'state.sqlite');
  const queue = createSqliteQueue({ file });
  const other = new DatabaseSync(file);
  other.exec('BEGIN EXCLUSIVE');
  await expect(queue.publish(taskMessage())).rejects.toThrow(
    `Could not put task task-1 on the queue in ${file}: Error: database is locked. Another process holds the file; try again when it is done`,
  );
  other.close();
  queue.close();
});

describe('the reader of the SQLite queue', () => {
  test('sees messages oldest first, and reading takes none away', async () => {
    const queue = openQueue();
    for (const task of ['task-1', 'task-2', 'task-3']) await queue.publish(taskMessage(task));
    for (const _ of ['once', 'again'])
      expect(await waitingTasks(queue)).toEqual(['task-1', 'task-2', 'task-3']);
  });

  test('sees only what waits behind a handle', async () => {
    const queue = openQueue();
    for (const task of ['task-1', 'task-2', 'task-3']) await queue.publish(taskMessage(task));
    const [first, , last] = await queue.waiting();
    expect(await waitingTasks(queue, first?.handle)).toEqual(['task-2', 'task-3']);
    expect(await waitingTasks(queue, last?.handle)).toEqual([]);
  });

  test('goes on behind a handle that was acknowledged meanwhile', async () => {
    const queue = openQueue();
    for (const task of ['task-1', 'task-2']) await queue.publish(taskMessage(task));
    const [first] = await queue.waiting();
    await queue.acknowledge(first?.handle ?? '');
    expect(await waitingTasks(queue, first?.handle)).toEqual(['task-2']);
  });

  test('takes an acknowledged message away, once', async () => {
    const queue = openQueue();
    for (const task of ['task-1', 'task-2']) await queue.publish(taskMessage(task));
    const [first] = await queue.waiting();
    expect(await queue.acknowledge(first?.handle ?? '')).toBe(true);
    expect(await queue.acknowledge(first?.handle ?? '')).toBe(false);
    expect(await waitingTasks(queue)).toEqual(['task-2']);
  });

  test('never gives a handle to a second message', async () => {
    const queue = openQueue();
    await queue.publish(taskMessage('task-1'));
    const [old] = await queue.waiting();
    await queue.acknowledge(old?.handle ?? '');
    await queue.publish(taskMessage('task-2'));
    expect(await queue.acknowledge(old?.handle ?? '')).toBe(false);
    expect(await waitingTasks(queue, old?.handle)).toEqual(['task-2']);
  });

  test.each(['', '0', '-1', '1.0', ' 1', '1 OR 1=1', '9'.repeat(30)])(
    'knows no message by %j',
    async (handle) => {
      const queue = openQueue();
      await queue.publish(taskMessage());
      expect(await queue.acknowledge(handle)).toBe(false);
      await expect(queue.waiting(handle)).rejects.toThrow(InputError);
      expect(await waitingTasks(queue)).toEqual(['task-1']);
    },
  );
});

describe('the file of the SQLite queue', () => {
  test('may be the ledger’s, and a message stays when everything is closed', async () => {
    const file = newFile();
    const ledger = createSqliteLedger({ file });
    const queue = createSqliteQueue({ file });
    await ledger.save(windowRow());
    await queue.publish(taskMessage());
    expect(await ledger.find(windowKey())).toBeDefined();
    ledger.close();
    queue.close();
    expect(await waitingTasks(openQueue(file))).toEqual(['task-1']);
  });

  test('is named with the handle when a message in it cannot be read, and that one can be taken away', async () => {
    const file = newFile();
    const queue = openQueue(file);
    await queue.publish(taskMessage());
    const database = new DatabaseSync(file);
    database.exec(`INSERT INTO messages (message) VALUES ('{"specversion":"2.0"}')`);
    database.close();
    await expect(queue.waiting()).rejects.toThrow(`read message 2 of the queue in ${file}`);
    await expect(queue.waiting()).rejects.toThrow(InfrastructureError);
    expect(await queue.acknowledge('2')).toBe(true);
    expect(await waitingTasks(queue)).toEqual(['task-1']);
  });

  test('is named with the task when a message cannot be put in', async () => {
    const file = newFile();
    const queue = createSqliteQueue({ file });
    queue.close();
    await expect(queue.publish(taskMessage())).rejects.toThrow(`put task task-1 on the queue in ${file}: `);
    await expect(queue.publish(taskMessage())).rejects.toThrow(InfrastructureError);
  });
});

type Queue = ReturnType<typeof createSqliteQueue>;

function openQueue(file = newFile()): Queue {
  const queue = createSqliteQueue({ file });
  onTestFinished(() => queue.close());
  return queue;
}

function newFile(): string {
  return join(temporaryFolder(), 'state.sqlite');
}

async function waitingTasks(queue: Queue, after?: string): Promise<string[]> {
  return (await queue.waiting(after)).map(({ message }) => message.data.task_id);
}
