import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { TaskSubmitted } from '../../lib/domain/exports/message.ts';
import type { TaskQueue } from '../../lib/ports.ts';
import { taskMessage } from '../support/ledger/window-rows.ts';

/** One empty queue, and what a consumer of it gets. */
export type QueueUnderTest = {
  queue: TaskQueue;
  /** All messages that wait. */
  received(): Promise<TaskSubmitted[]>;
  close(): Promise<void>;
};

/** What every queue does. `make` makes a new queue for each test. */
export function describeQueueContract(name: string, make: () => Promise<QueueUnderTest>): void {
  describe(`the ${name} queue`, () => {
    let subject: QueueUnderTest;

    beforeEach(async () => {
      subject = await make();
    });
    afterEach(() => subject.close());

    test('has nothing before anything was published', async () => {
      expect(await subject.received()).toEqual([]);
    });

    test('delivers a message as it was published', async () => {
      await subject.queue.publish(taskMessage());
      expect(await subject.received()).toStrictEqual([taskMessage()]);
    });

    test('delivers a message that was published twice with the same id each time', async () => {
      await subject.queue.publish(taskMessage());
      await subject.queue.publish(taskMessage());
      const received = await subject.received();
      expect(received.length).toBeGreaterThan(0);
      expect(new Set(received.map(({ id }) => id))).toEqual(new Set(['id-of-task-1']));
    });

    test('loses none of many that are published at the same moment', async () => {
      const tasks = Array.from({ length: 10 }, (_, index) => `task-${index}`);
      await Promise.all(tasks.map((task) => subject.queue.publish(taskMessage(task))));
      const received = await subject.received();
      expect(received.map(({ data }) => data.task_id).toSorted()).toEqual(tasks);
    });
  });
}
