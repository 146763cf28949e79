import { Temporal } from 'temporal-polyfill';
import { expect } from 'vitest';
import type { TaskSubmitted } from '../../../lib/domain/exports/message.ts';
import { before, type Span, union, without } from '../../../lib/domain/time/spans.ts';
import {
  expectFewOrphans,
  expectNothingSecret,
  expectRecognisableDuplicates,
  spanOf,
} from '../expectations.ts';
import type { World } from '../world.ts';
import type { Story } from './kill-points.ts';

const NOON = '2026-11-20T12:00:00Z';
const WINDOW = { start: '2026-11-20T10:00:00Z', end: '2026-11-20T12:30:00Z' };

/** The run for an alert is killed, and so is its retry. */
export const ALERT: Story = {
  name: 'an alert whose export dies is exported up to now by a retry, and wholly when the rest is due',
  start: NOON,
  before: async () => undefined,
  first: (world, ports) => world.alert('finding-1', NOON, ports),
  second: (world, ports) => world.alert('finding-1', NOON, ports),
  after: async (world) => {
    world.later({ minutes: 7 });
    await world.alert('finding-1', NOON);
    await untilClosed(world);
  },
  expected: (world) => expectExported(world, { alertIds: ['finding-1'] }),
};

const LATER = '2026-11-20T12:20:00Z';

/** A second alert about the same address comes before the rest of the first one is due. */
export const ANOTHER: Story = {
  ...ALERT,
  name: 'a second alert about the same that dies is exported with the first',
  before: async (world) => {
    await world.alert('finding-1', NOON);
    world.later({ minutes: 20 });
  },
  first: (world, ports) => world.alert('finding-2', LATER, ports),
  second: (world, ports) => world.alert('finding-2', LATER, ports),
  after: async (world) => {
    world.later({ minutes: 7 });
    await world.alert('finding-2', LATER);
    await untilClosed(world);
  },
  expected: (world) => {
    const window = { ...WINDOW, end: '2026-11-20T12:50:00Z' };
    return expectExported(world, { alertIds: ['finding-1', 'finding-2'], window });
  },
};

/** The rest is due. The sweep that submits the rest is killed, and so is the next sweep. */
export const REST: Story = {
  ...ALERT,
  name: 'a sweep that submits the rest of an alert and dies is recovered by the next',
  before: async (world) => {
    await nightIsDone(world);
    await world.alert('finding-1', NOON);
    world.later({ minutes: 61 });
  },
  first: (world, ports) => world.run(NOON, 'sweep', ports),
  second: (world, ports) => world.run(NOON, 'sweep', ports),
  after: untilClosed,
};

/** The task of an alert has failed at Huawei. */
export const TASK_OF_ALERT_FAILED: Story = {
  ...REST,
  name: 'a sweep that submits the failed task of an alert again and dies is recovered by the next',
  before: async (world) => {
    await nightIsDone(world);
    await world.alert('finding-1', NOON);
    world.later({ minutes: 10 });
    const ofAlerts = (await world.messages()).filter(({ data }) => data.reason === 'alert');
    for (const { data } of ofAlerts) world.emulator.failTask(data.task_id, 'no space left');
  },
  expected: (world) =>
    expectExported(world, { alertIds: ['finding-1'], failures: ['interrupted', 'task_failed'] }),
};

/** Everything is exported. The sweep that closes the request is killed, and so is the next sweep. */
export const CLOSING: Story = {
  ...REST,
  name: 'a sweep that closes a request and dies is recovered by the next',
  before: async (world) => {
    await nightIsDone(world);
    await world.alert('finding-1', NOON);
    world.later({ minutes: 61 });
    await world.run(NOON, 'sweep');
    world.later({ minutes: 15 });
  },
};

const LONG_AGO = '2026-10-21T13:30:00Z';

/** The start of the window is past the cutoff, and more of the window every minute. */
export const LOSS: Story = {
  ...ALERT,
  name: 'an alert that comes too late for part of it, and dies, is reported with all that is lost, and the rest is exported',
  first: (world, ports) => world.alert('finding-1', LONG_AGO, ports),
  second: (world, ports) => world.alert('finding-1', LONG_AGO, ports),
  after: async (world) => {
    world.later({ minutes: 7 });
    await world.alert('finding-1', LONG_AGO);
    await untilClosed(world);
  },
  expected: async (world) => {
    const window = { start: '2026-10-21T11:30:00Z', end: '2026-10-21T14:00:00Z' };
    await expectExported(world, { alertIds: ['finding-1'], window });
    // The third alert is served at most half an hour later, and then the whole rest is exported.
    const [lost, ...more] = lossesOf(world);
    expect(more).toEqual([]);
    expect(String(lost?.start)).toBe(window.start);
    expect(lost?.end.epochMilliseconds).toBeLessThanOrEqual(Date.parse('2026-10-21T12:35:00Z'));
  },
};

/** Exports and confirms the night, so that sweeps have work for alerts alone. */
async function nightIsDone(world: World): Promise<void> {
  await world.run(NOON);
  world.later({ seconds: 30 });
  await world.run(NOON, 'sweep');
}

async function untilClosed(world: World): Promise<void> {
  for (let quarters = 0; quarters < 12 && (await isOpen(world)); quarters += 1) {
    world.later({ minutes: 15 });
    await world.run(NOON, 'sweep');
  }
}

async function isOpen(world: World): Promise<boolean> {
  return (await stillOpen(world)).length > 0;
}

// A request that was closed with a loss is listed for a week.
async function stillOpen(world: World) {
  const { requests, windows } = await world.ports().ledger.listOpen(world.target.id);
  return [...requests.filter(({ state }) => state === 'open' || state === 'unreadable'), ...windows];
}

type Exported = { alertIds: readonly string[]; window?: typeof WINDOW; failures?: readonly string[] };

async function expectExported(
  world: World,
  { alertIds, window = WINDOW, failures = ['interrupted'] }: Exported,
): Promise<void> {
  const messages = await world.messages();
  expect(messages.flatMap(({ data }) => data.alerts?.ids ?? [])).toEqual(
    expect.arrayContaining([...alertIds]),
  );
  const missing = without([spanOf(window)], [...completeSpans(messages), ...lossesOf(world)]);
  expect(missing.map(({ start, end }) => `${start}/${end}`)).toEqual([]);
  expectRecognisableDuplicates(messages);
  await expectNothingSecret(world);
  await expectAllOver(world, failures);
  expectFewOrphans(world, messages);
  // Sweeps also export the night, which is not for an alert.
  const ofAlerts = messages.filter(({ data }) => data.reason === 'alert');
  expect(new Set(ofAlerts.map(({ id }) => id)).size).toBeLessThanOrEqual(alertIds.length + 2);
}

/** Fails if a row is open, or if an export failed for an unexpected reason. Each killed run can leave one failed export. */
async function expectAllOver(world: World, failures: readonly string[]): Promise<void> {
  expect(await stillOpen(world)).toEqual([]);
  const entries = await world.entries();
  const failed = entries.filter(({ state }) => state !== 'confirmed');
  expect(failed.filter(({ series }) => series === 'calendar')).toEqual([]);
  expect(failed.map(({ failureKind }) => failureKind ?? 'none')).toEqual(
    failed.map(() => expect.toBeOneOf([...failures])),
  );
  expect(failed.filter(({ failureKind }) => failureKind === 'interrupted').length).toBeLessThanOrEqual(2);
}

function lossesOf({ events }: World): Span[] {
  return union(events.flatMap((event) => (event.type === 'request_lost' ? [event.window] : [])));
}

/** The spans that were submitted late enough to be complete. */
function completeSpans(messages: readonly TaskSubmitted[]) {
  return messages.flatMap(({ time, data }) =>
    before([spanOf(data.window)], Temporal.Instant.from(time).subtract({ minutes: 30 })),
  );
}
