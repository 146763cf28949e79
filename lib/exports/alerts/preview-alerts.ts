import type { Alert } from '../../domain/alert.ts';
import type { AlertOrder } from '../../domain/alert-book.ts';
import { type SentTimes, sentTimes } from '../../domain/api-time.ts';
import { askedSpan } from '../../domain/asked-span.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Span } from '../../domain/span.ts';
import type { Target } from '../../domain/target.ts';
import type { LookPorts } from '../scheduled/look.ts';
import { checkNotInFuture } from '../scheduled/moment.ts';
import { callOf } from './calls.ts';
import { lookAtBook } from './keep-book.ts';
import { type AlertsDemand, type Matched, matchAlerts } from './matched.ts';
import { tasksFor } from './take-in.ts';

/** An export that would be ordered, now or when it is due. */
export type PreviewedExport = AlertOrder & {
  /** The literals that would go on the wire if it were ordered now. */
  sent: SentTimes;
};

/** What alerts would lead to for one target, what is ordered for earlier ones included. */
export type AlertsPreview = {
  target: Target;
  alerts: readonly string[];
  atOnce: readonly PreviewedExport[];
  toCome: readonly PreviewedExport[];
  /** Tasks that have part of it already. */
  tasks: readonly string[];
  /** What Huawei no longer has any record of. */
  tooOld: readonly Span[];
  folded: number;
};

/** What `exportForAlerts` would do with the same demand. Reads the ledger and nothing else, and writes nothing. */
export async function previewAlerts(
  ports: LookPorts,
  demand: AlertsDemand,
): Promise<{ unmatched: readonly Alert[]; targets: AlertsPreview[] }> {
  checkNotInFuture(demand.arrivedAt, ports.clock());
  const { unmatched, shares } = matchAlerts(demand);
  const targets: AlertsPreview[] = [];
  for (const share of shares) targets.push(await preview(ports, share, demand.arrivedAt));
  return { unmatched, targets };
}

async function preview(
  ports: LookPorts,
  { target, demands }: Matched['shares'][number],
  arrivedAt: Instant,
): Promise<AlertsPreview> {
  const now = ports.clock();
  const pairs = demands.map((demand) => ({ demand, call: callOf(demand, { arrivedAt, now }) }));
  const calls = pairs.flatMap(({ call }) => call ?? []);
  const looked = await lookAtBook(ports, target, calls);
  const entries = looked?.entries ?? [];
  const tasks = calls
    .flatMap((call) => tasksFor(call, { target, entries }))
    .flatMap(({ taskId }) => taskId ?? []);
  const toCome = looked?.revision.orders.filter(({ issuedAt }) => !issuedAt) ?? [];
  return {
    target,
    alerts: [...new Set(demands.map(({ alert }) => alert.id))],
    atOnce: (looked?.revision.submit ?? []).map((order) => previewed(order, target, now)),
    toCome: toCome.map((order) => previewed(order, target, now)),
    tasks: [...new Set(tasks)],
    tooOld: pairs.filter(({ call }) => !call).map(({ demand }) => demand.window),
    folded: looked?.revision.folded ?? 0,
  };
}

function previewed(order: AlertOrder, target: Target, now: Instant): PreviewedExport {
  const asked = askedSpan(order.window, target.window.overlap, now);
  return { ...order, sent: sentTimes(asked, target.apiTime) };
}
