import { Temporal } from 'temporal-polyfill';
import { expect } from 'vitest';
import { before, without } from '../../lib/domain/spans.ts';
import type { TaskSubmitted } from '../../lib/domain/task-submitted.ts';
import type { Story } from './kill-points.ts';
import {
  expectAllConfirmed,
  expectFewOrphans,
  expectNothingSecret,
  expectRecognisableDuplicates,
  spanOf,
} from './promises.ts';
import type { World } from './world.ts';

const NOON = '2026-11-20T12:00:00Z';
const WINDOW = { start: '2026-11-20T10:00:00Z', end: '2026-11-20T12:30:00Z' };

/** What came in, and what comes of it an hour later, dies, and so does its retry. */
export const ALERT: Story = {
  name: 'an alert whose export dies is exported up to now by a retry, and wholly when the rest is due',
  start: NOON,
  before: async () => undefined,
  first: (world, ports) => world.alert('finding-1', NOON, ports),
  second: (world, ports) => world.alert('finding-1', NOON, ports),
  after: async (world) => {
    world.later({ minutes: 7 });
    await world.alert('finding-1', NOON);
    await untilSettled(world);
  },
  expected: (world) => expectExported(world, ['finding-1']),
};

/** Another alert about the same comes while the first one's export is still to come. */
export const ANOTHER: Story = {
  ...ALERT,
  name: 'a second alert about the same that dies joins the first, and both are exported',
  before: (world) => world.alert('finding-1', NOON),
  first: (world, ports) => world.alert('finding-2', NOON, ports),
  second: (world, ports) => world.alert('finding-2', NOON, ports),
  after: async (world) => {
    world.later({ minutes: 7 });
    await world.alert('finding-2', NOON);
    await untilSettled(world);
  },
  expected: (world) => expectExported(world, ['finding-1', 'finding-2']),
};

/** The rest is due; what the alarm started dies, and so does the sweep after it. */
export const FOLLOW_UP: Story = {
  ...ALERT,
  name: 'a follow-up that dies is made good by the sweep',
  before: async (world) => {
    await world.alert('finding-1', NOON);
    world.later({ minutes: 62 });
  },
  first: (world, ports) => world.followUp(ports),
  second: (world, ports) => world.run(NOON, 'sweep', ports),
  after: untilSettled,
};

/** The task that was ordered for an alert has failed at Huawei. */
export const TASK_OF_ALERT_FAILED: Story = {
  ...FOLLOW_UP,
  name: 'a sweep that orders the failed task of an alert again and dies is made good by the next',
  before: async (world) => {
    await world.alert('finding-1', NOON);
    world.later({ minutes: 10 });
    for (const { id } of world.emulator.tasks()) world.emulator.failTask(id, 'no space left');
  },
  first: (world, ports) => world.run(NOON, 'sweep', ports),
};

// Alarms ring in between where there are any; sweeps come in any case.
async function untilSettled(world: World): Promise<void> {
  for (let hours = 0; hours < 3; hours += 1) {
    await world.ring();
    world.later({ minutes: 33 });
    await world.ring();
    world.later({ minutes: 27 });
    await world.run(NOON, 'sweep');
  }
}

async function expectExported(world: World, alertIds: readonly string[]): Promise<void> {
  const messages = await world.messages();
  expect(messages.flatMap(({ data }) => data.alerts?.ids ?? [])).toEqual(
    expect.arrayContaining([...alertIds]),
  );
  const missing = without([spanOf(WINDOW)], settledSpans(messages));
  expect(missing.map(({ start, end }) => `${start}/${end}`)).toEqual([]);
  expectRecognisableDuplicates(messages);
  await expectNothingSecret(world);
  await expectAllConfirmed(world);
  expectFewOrphans(world, messages);
  const { ledger } = world.ports();
  const [book, ...records] = await Promise.all([
    ledger.findAlertBook(world.target.id),
    ...alertIds.map((id) => ledger.findAlert(world.target.id, id)),
  ]);
  expect(book?.orders).toEqual([]);
  expect(records.map((record) => record?.asked.length)).toEqual(alertIds.map(() => 1));
  // Sweeps export the night as well, which no alert has asked for.
  const ofAlerts = messages.filter(({ data }) => data.reason === 'alert');
  const asked = new Set(ofAlerts.map(({ subject, data }) => `${subject} ${data.trigger.scheduled_time}`));
  expect(asked.size).toBeLessThanOrEqual(alertIds.length + 2);
}

/** What was ordered late enough to be complete. */
function settledSpans(messages: readonly TaskSubmitted[]) {
  return messages.flatMap(({ time, data }) =>
    before([spanOf(data.window)], Temporal.Instant.from(time).subtract({ minutes: 30 })),
  );
}
