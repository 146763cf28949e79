import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import type { TaskSubmitted } from '../../../lib/domain/exports/message.ts';
import { newestDueWindow } from '../../../lib/domain/time/windows.ts';
import { createWorld, openStores, type World } from '../world.ts';

/** The first run of each world. In the weeks after it, the clocks change in half of the zones. */
export const START = Temporal.Instant.from('2026-03-20T06:35:00Z');

/** Zones whose clocks change in those weeks (in some at midnight), and zones whose clocks do not. */
export const zone = fc.constantFrom(
  'UTC',
  'Europe/Berlin',
  'America/Santiago',
  'Asia/Beirut',
  'Africa/Cairo',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
);
export const every = fc.constantFrom('P1D', 'PT12H', 'PT6H');

export const daysAfterStart = (days: number) => START.add({ hours: days * 24 });

/** A world after its first run. `coveredFrom` is where its coverage begins. */
export async function inWorld(
  window: { time_zone: string; every: string },
  work: (world: World, coveredFrom: string) => Promise<void>,
): Promise<void> {
  const stores = await openStores('SQLite');
  // A task that expires makes its window a gap again; other tests are about that.
  const emulator = { taskExpirySeconds: 90 * 24 * 3_600 };
  const world = await createWorld(stores, { start: START.toString(), settings: { window }, emulator });
  try {
    await world.run(START.toString());
    await work(world, startOf((await world.messages())[0]));
  } finally {
    await world.close();
  }
}

export function newestEnd({ target }: World, at: Temporal.Instant): string {
  return newestDueWindow(target.window, at).end.toString();
}

function startOf(message: TaskSubmitted | undefined): string {
  if (!message) throw new Error('The first run has published nothing.');
  return message.data.window.start;
}
