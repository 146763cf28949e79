import { expect, test } from 'vitest';
import type { Emulator } from '../../lib/emulator/emulator.ts';
import { startHuawei } from '../support/huawei/start-huawei.ts';
import { temporaryFolder } from '../support/vitest/temporary-folder.ts';
import { evenDay, flood, repeatedFindings } from './alerts/alert-days.ts';
import { alertLines } from './alerts/alerts.ts';
import { requestPlanningLines } from './alerts/request-planning.ts';
import { planningLines } from './planning/planning.ts';
import { measuredBy } from './processes.ts';
import { customer } from './targets/fleet.ts';
import { targetLines } from './targets/targets.ts';

test('planning is measured on both ledgers, with every row read for a gap and four when nothing is wrong', async () => {
  const counts = (await planningLines(temporaryFolder(), 40)).map(
    (line) => line.match(/rows: .*submit: \d+/)?.[0],
  );
  expect(counts).toEqual([
    undefined,
    'rows: 40, requests: 0, windows to submit: 3',
    'rows: 4, requests: 0, windows to submit: 1',
    undefined,
    'rows: 40, requests: 2, windows to submit: 3',
    'rows: 4, requests: 2, windows to submit: 1',
  ]);
});

test('the loop that exports are measured against makes the very calls that they make, except the one that asks for the time', async () => {
  const customers = [customer(0), customer(1), customer(2)];
  const { emulator, origin } = await startHuawei({
    clock: Date.now,
    users: customers.map(({ user }) => user),
    projects: customers.map(({ project }) => project),
  });
  await measuredBy('targets/export-fleet.ts', [origin, customers.length]);
  const [question] = emulator.requests();
  // One call for the host that the targets share, without a credential.
  expect(question).toMatchObject({ method: 'GET', kind: 'tasks', status: 401 });
  const exported = madeSince(emulator, { requests: 1, tasks: 0 });
  expect(exported.calls).toHaveLength(2 * customers.length);
  expect(exported.exports).toHaveLength(customers.length);
  await measuredBy('targets/call-loop.ts', [origin, customers.length]);
  const before = { requests: 1 + 2 * customers.length, tasks: customers.length };
  expect(madeSince(emulator, before)).toEqual(exported);
});

test('the report of a fleet has its time and its memory, and those of the loop', async () => {
  const lines = await targetLines({ sizes: [2], answerMilliseconds: 1, rounds: 1 });
  expect(lines.map((line) => line.replaceAll(/\d+\.\d+|\d+(?= MB)/g, '#'))).toEqual([
    'exporting, against an undici loop of the same calls, when the cloud answers after 1 ms:',
    '  2 targets: # times the time, # times the peak memory',
    '    # s (# s of it durable writes) and # s, # MB and # MB',
  ]);
});

/** The calls and the exports since `before`, sorted as text. */
function madeSince(emulator: Emulator, before: { requests: number; tasks: number }) {
  const requests = emulator.requests().slice(before.requests);
  const tasks = emulator.tasks().slice(before.tasks);
  return {
    calls: requests
      .map(({ method, path, query, status }) => JSON.stringify([method, path, query, status]))
      .sort(),
    exports: tasks.map(({ projectId, query }) => JSON.stringify([projectId, query.body])).sort(),
  };
}

test('the report of a day of alerts has its exports, which are within the cap, and how long they took', async () => {
  const [first = '', second = '', third = ''] = await alertLines(temporaryFolder(), evenDay(60));
  const [, exports = '', most = ''] = first.match(/exports: (\d+) .*, most in an hour: (\d+)/) ?? [];
  expect(Number(exports)).toBeGreaterThan(50);
  expect(Number(most)).toBeLessThanOrEqual(12);
  // Few alerts have a slot of their own each, at once.
  expect(second).toMatch(/: mean 0\.0, nine in ten 0, longest 0$/);
  expect(third).toMatch(/an alert: \d+\.\d; CPU: .* costs \d+\.\d\d times one of the first$/);
});

test('a storm of addresses waits until exports have all that was seen, and no alert waits permanently', async () => {
  const [, waits = ''] = await alertLines(temporaryFolder(), flood(200));
  const [, mean = '', longest = ''] = waits.match(/mean (\d+\.\d), .* longest (\d+)$/) ?? [];
  expect(Number(mean)).toBeGreaterThan(0);
  expect(Number(longest)).toBeLessThanOrEqual(30);
});

test('ten findings that are reported again and again are coalesced', async () => {
  const [first = ''] = await alertLines(temporaryFolder(), repeatedFindings(1));
  expect(Number(first.match(/exports: (\d+)/)?.[1])).toBeLessThan(30);
});

test('planning for a storm is measured in a process of its own', async () => {
  const lines = await requestPlanningLines({ requests: 100, addresses: 20, exports: 3 });
  expect(lines[1]).toMatch(/^ {2}\d+\.\d\d s of CPU, \d+ MB, exports to submit: [1-9]\d?$/);
});
