import type { ExportEvent } from '../../../../lib/domain/exports/events.ts';
import type { Span } from '../../../../lib/domain/time/spans.ts';
import type { Stretch } from '../../simulation/judge/intervals.ts';
import type { World } from '../world.ts';

/** A request as its row says it, read without the program. */
export type Request = {
  name: string;
  alertId: string;
  window: Stretch;
  address: string | undefined;
  state: string;
  lost: Stretch[];
  tasks: string[];
  /** When it was written last: a request that is over, when it was closed. */
  updatedAt: number;
};

/** The requests whose rows are kept and can be read. */
export async function keptRequests({ store, target, damaged }: World): Promise<Request[]> {
  const unreadable = new Set(damaged.map(({ name }) => name));
  const rows = await store.rows(target.id, 'request');
  return rows
    .filter(({ name }) => !unreadable.has(name))
    .map(({ name, record }) => {
      const { alert_id: alertId, window, filters, state, lost, tasks, updated_at } = JSON.parse(record);
      const address: string | undefined = filters.public_ip;
      return {
        name,
        alertId,
        window: stretch(window),
        address,
        state,
        lost: lost.map(stretch),
        tasks,
        updatedAt: Date.parse(updated_at),
      };
    });
}

type AboutRequest = Extract<
  ExportEvent,
  { type: 'request_lost' | 'request_exhausted' | 'request_unconfirmed' }
>;

/** What was told of requests, and when. */
export function toldOf(
  { told }: World,
  type: AboutRequest['type'],
): { at: number; alertId: string; window: Stretch }[] {
  return told.flatMap(({ at, event }) =>
    event.type === type && 'alertId' in event && 'window' in event
      ? [{ at, alertId: event.alertId, window: ofSpan(event.window) }]
      : [],
  );
}

export function ofSpan({ start, end }: Span): Stretch {
  return [start.epochMilliseconds, end.epochMilliseconds];
}

function stretch({ start, end }: { start: string; end: string }): Stretch {
  return [Date.parse(start), Date.parse(end)];
}
