import { expect, test } from 'vitest';
import type { Emulator } from '../../lib/emulator/emulator.ts';
import { startHuawei } from '../support/huawei.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { alertLines } from './alerts.ts';
import { customer } from './fleet.ts';
import { planningLines } from './planning.ts';
import { measuredBy } from './processes.ts';
import { targetLines } from './targets.ts';

test('planning is measured on both ledgers, with every row read for a hole and four when nothing is wrong', async () => {
  const counts = (await planningLines(temporaryFolder(), 40)).map(
    (line) => line.match(/rows: .*order: \d+/)?.[0],
  );
  expect(counts).toEqual([
    undefined,
    'rows: 40, requests: 0, windows to order: 3',
    'rows: 4, requests: 0, windows to order: 1',
    undefined,
    'rows: 40, requests: 2, windows to order: 3',
    'rows: 4, requests: 2, windows to order: 1',
  ]);
});

test('the loop that exports are measured against makes the very calls that they make, but for the question what time it is', async () => {
  const customers = [customer(0), customer(1), customer(2)];
  const { emulator, origin } = await startHuawei({
    clock: Date.now,
    users: customers.map(({ user }) => user),
    projects: customers.map(({ project }) => project),
  });
  await measuredBy('export-fleet.ts', [origin, customers.length]);
  const [question] = emulator.requests();
  // Once for the host that they share, and without a credential.
  expect(question).toMatchObject({ method: 'GET', kind: 'tasks', status: 401 });
  const exported = madeIn(emulator, { requests: 1, tasks: 0 });
  expect(exported.calls).toHaveLength(2 * customers.length);
  expect(exported.orders).toHaveLength(customers.length);
  await measuredBy('call-loop.ts', [origin, customers.length]);
  const before = { requests: 1 + 2 * customers.length, tasks: customers.length };
  expect(madeIn(emulator, before)).toEqual(exported);
});

test('a size of fleet is told with its time and its memory, and those of the loop', async () => {
  const lines = await targetLines({ sizes: [2], answerMilliseconds: 1, rounds: 1 });
  expect(lines.map((line) => line.replaceAll(/\d+\.\d+|\d+(?= MB)/g, '#'))).toEqual([
    'exporting, against an undici loop of the same calls, when the cloud answers after 1 ms:',
    '  2 targets: # times the time, # times the peak memory',
    '    # s (# s of it durable writes) and # s, # MB and # MB',
  ]);
});

/** What was asked of the cloud after what was asked before, in an order of its own. */
function madeIn(emulator: Emulator, before: { requests: number; tasks: number }) {
  const requests = emulator.requests().slice(before.requests);
  const tasks = emulator.tasks().slice(before.tasks);
  return {
    calls: requests
      .map(({ method, path, query, status }) => JSON.stringify([method, path, query, status]))
      .sort(),
    orders: tasks.map(({ projectId, order }) => JSON.stringify([projectId, order.body])).sort(),
  };
}

test('a day of alerts is told with the number of its exports, which is within the cap', async () => {
  const [first = '', second = ''] = await alertLines(temporaryFolder(), 60);
  const [, exports = '', most = ''] = first.match(/exports: (\d+), most in an hour: (\d+)/) ?? [];
  expect(Number(exports)).toBeGreaterThan(50);
  expect(Number(most)).toBeLessThanOrEqual(12);
  expect(second).toMatch(/costs \d+\.\d\d times one of the first/);
});
