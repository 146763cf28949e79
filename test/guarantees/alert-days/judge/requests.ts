import type { RunEvent } from '../../../../lib/domain/exports/run-events.ts';
import type { Span } from '../../../../lib/domain/time/spans.ts';
import type { Interval } from '../../simulation/judge/intervals.ts';
import type { World } from '../world.ts';

/** A request as in its row, read without the program's code. */
export type Request = {
  name: string;
  alertId: string;
  window: Interval;
  address: string | undefined;
  state: string;
  lost: Interval[];
  tasks: string[];
  /** The last change of the row; of a closed request, when it was closed. */
  updatedAt: number;
};

/** The requests with a readable row. */
export async function keptRequests({ store, target, damaged }: World): Promise<Request[]> {
  const unreadable = new Set(damaged.map(({ name }) => name));
  const rows = await store.rows(target.id, 'request');
  return rows
    .filter(({ name }) => !unreadable.has(name))
    .map(({ name, document }) => {
      const { alert_id: alertId, window, filters, state, lost, tasks, updated_at } = JSON.parse(document);
      const address: string | undefined = filters.public_ip;
      return {
        name,
        alertId,
        window: toInterval(window),
        address,
        state,
        lost: lost.map(toInterval),
        tasks,
        updatedAt: Date.parse(updated_at),
      };
    });
}

type AboutRequest = Extract<RunEvent, { type: 'request_lost' | 'request_exhausted' | 'request_unconfirmed' }>;

/** The reports of one type about requests, and their times. */
export function reportsOf(
  { reported }: World,
  type: AboutRequest['type'],
): { at: number; alertId: string; window: Interval }[] {
  return reported.flatMap(({ at, event }) =>
    event.type === type && 'alertId' in event && 'window' in event
      ? [{ at, alertId: event.alertId, window: ofSpan(event.window) }]
      : [],
  );
}

export function ofSpan({ start, end }: Span): Interval {
  return [start.epochMilliseconds, end.epochMilliseconds];
}

function toInterval({ start, end }: { start: string; end: string }): Interval {
  return [Date.parse(start), Date.parse(end)];
}
