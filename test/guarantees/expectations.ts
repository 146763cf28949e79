import { expect } from 'vitest';
import type { TaskSubmitted } from '../../lib/domain/exports/message.ts';
import { parseInstant } from '../../lib/domain/time/instant.ts';
import { type Span, union } from '../../lib/domain/time/spans.ts';
import { PASSWORD } from '../support/huawei/start-huawei.ts';
import type { World } from './world.ts';

/** Fails unless the messages publish `[from, to)` as windows without a gap and without an overlap. */
export function expectPartition(messages: readonly TaskSubmitted[], from: string, to: string): void {
  const windows = [...new Set(messages.map(({ subject }) => subject))].sort();
  expect(windows.map((window) => window.split('/')[0])).toEqual([
    from,
    ...windows.slice(0, -1).map((window) => window.split('/')[1]),
  ]);
  expect(windows.at(-1)?.split('/')[1]).toBe(to);
}

/** Fails unless repeated messages have the same id and the same task, and no two tasks share an id. */
export function expectRecognisableDuplicates(messages: readonly TaskSubmitted[]): void {
  const tasksOfId = groups(messages, ({ id, data }) => [id, data.task_id]);
  const idsOfWork = groups(messages, ({ id, subject, data }) => [`${subject} ${data.attempt}`, id]);
  expect([...tasksOfId].filter(([, tasks]) => tasks.size > 1)).toEqual([]);
  expect([...idsOfWork].filter(([, ids]) => ids.size > 1)).toEqual([]);
}

/** Fails if a secret is in the messages, rows or events of a world. A token of the emulator is recognized by its form. */
export async function expectNothingSecret(world: World, secrets: readonly string[] = [PASSWORD.password]) {
  const { ledger } = world.ports();
  const rows = await Promise.all((await world.entries()).map((entry) => ledger.find(entry)));
  const errors = world.events.map((event) =>
    'error' in event ? `${event.error.stack} ${event.error.cause}` : '',
  );
  const output = JSON.stringify([await world.messages(), rows, world.events, errors]);
  expect(secrets.filter((secret) => output.includes(secret))).toEqual([]);
  expect(output).not.toMatch(/MII[\w-]{20}/);
}

/** Fails unless every window of the ledger is confirmed. */
export async function expectAllConfirmed(world: World): Promise<void> {
  const entries = await world.entries();
  expect(new Set(entries.map(({ state }) => state))).toEqual(new Set(['confirmed']));
}

/** Fails if there are more than two tasks without a message: each of the two killed runs can leave one. */
export function expectFewOrphans(world: World, messages: readonly TaskSubmitted[]): void {
  const orphans = world.emulator.tasks().length - new Set(messages.map(({ data }) => data.task_id)).size;
  expect(orphans).toBeGreaterThanOrEqual(0);
  expect(orphans).toBeLessThanOrEqual(2);
}

/** The spans of the published messages. */
export function publishedSpans(messages: readonly TaskSubmitted[]): Span[] {
  return union(messages.map(({ data: { window } }) => spanOf(window)));
}

/** The span of two texts. */
export function spanOf({ start, end }: { start: string; end: string }): Span {
  return { start: instant(start), end: instant(end) };
}

function instant(text: string) {
  const value = parseInstant(text);
  if (!value) throw new Error(`${text} is no time.`);
  return value;
}

function groups<Item>(items: readonly Item[], pair: (item: Item) => [string, string]) {
  const found = new Map<string, Set<string>>();
  for (const item of items) {
    const [name, value] = pair(item);
    found.set(name, (found.get(name) ?? new Set()).add(value));
  }
  return found;
}
