import type { AlertBook } from '../../domain/alert-book.ts';
import { earlier, type Instant, isAfter, later } from '../../domain/instant.ts';
import type { Target } from '../../domain/target.ts';
import type { AlarmClock } from '../../ports.ts';
import type { RunPorts } from '../run-ports.ts';
import { noteAlarm } from './keep-book.ts';
import { nextPlace, recentPlaces } from './places.ts';

/**
 * Sees to it that the service is woken up for what is not due yet. The alarm is set before the ledger says so: dying
 * between sets it twice, which is no harm. Throws `InfrastructureError`; the hourly sweep comes by in any case.
 */
export async function wakeForRest(
  ports: RunPorts & { alarm: AlarmClock },
  target: Target,
  book: AlertBook,
): Promise<void> {
  const now = ports.clock();
  const at = nextWork(book, target, now);
  if (!at || isSetFor(book, at, now)) return;
  await ports.alarm.wake(target.id, at);
  await noteAlarm(ports, book, at);
}

/** When there is something to do again for a target's alerts; undefined when nothing is to come. */
export function nextWork({ orders, places }: AlertBook, target: Target, now: Instant): Instant | undefined {
  const times = orders.filter(({ issuedAt }) => !issuedAt).map(({ dueAt }) => later(dueAt, now));
  const [first, ...others] = times;
  if (!first) return undefined;
  const place = nextPlace(recentPlaces(places, now), target);
  return later(others.reduce(earlier, first), place ?? now);
}

function isSetFor({ alarmAt }: AlertBook, at: Instant, now: Instant): boolean {
  return alarmAt !== undefined && isAfter(alarmAt, now) && !isAfter(alarmAt, at);
}
