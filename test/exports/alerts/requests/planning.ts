import { Temporal } from 'temporal-polyfill';
import type { Filters } from '../../../../lib/domain/input/filters.ts';
import { type Target, target } from '../../../../lib/domain/input/target.ts';
import type { AlertRequest } from '../../../../lib/domain/ledger/request-row.ts';
import { filtersDigest, numberedSeries, type WindowEntry } from '../../../../lib/domain/ledger/window-row.ts';
import type { Span } from '../../../../lib/domain/time/spans.ts';
import { ON_ARRIVAL, planExports } from '../../../../lib/exports/alerts/requests/plan-exports.ts';

const at = Temporal.Instant.from;

/** `10:00` of 22 November 2026, or a whole time. */
export function instantOf(text: string): Temporal.Instant {
  return at(text.includes('T') ? text : `2026-11-22T${text}:00Z`);
}

/** `08:00/10:00`. */
export function spanOf(text: string): Span {
  const [start = '', end = ''] = text.split('/');
  return { start: instantOf(start), end: instantOf(end) };
}

/** Of one address; none for all. */
export function filtersOf(address: string): Filters {
  return address === 'all' ? {} : { public_ip: address };
}

export function targetWith(settings: Record<string, unknown> = {}): Target {
  return target.parse({ id: 'acme', region: 'ap-southeast-3', credential: 'huawei/acme', ...settings });
}

type Asked = { id?: string; window: string; seen?: string; came?: string; address?: string };

/** A request of an alert that came at 10:00 and was last seen then, unless given otherwise. */
export function requestFor({
  id = 'finding-1',
  window,
  came = '10:00',
  seen = came,
  address = '203.0.113.7',
}: Asked): AlertRequest {
  return {
    targetId: 'acme',
    alertId: id,
    source: 'aws.guardduty',
    types: ['UnauthorizedAccess:IAMUser/MaliciousIPCaller'],
    window: spanOf(window),
    seenUntil: instantOf(seen),
    filters: filtersOf(address),
    arrivedAt: instantOf(came),
    state: 'open',
    lost: [],
    tasks: [],
    version: 1,
    writeId: `write of ${id}`,
    updatedAt: instantOf(came),
  };
}

type Exported = {
  window: string;
  at?: string;
  address?: string;
  state?: WindowEntry['state'];
  failure?: string;
  orphans?: number;
  number?: number;
};

/** An export for alerts that was ordered then, and is published. */
export function exportOf({
  window,
  at: ordered = '10:00',
  address = '203.0.113.7',
  state = 'published',
  failure,
  orphans = 0,
  number = 1,
}: Exported): WindowEntry {
  const orderedAt = instantOf(ordered);
  return {
    ...nightOf({ window, address, state }),
    series: numberedSeries(number),
    reason: 'alert',
    orphans,
    orderedAt,
    ...(state === 'published' || state === 'confirmed' ? { publishedAt: orderedAt } : {}),
    ...(state === 'claimed' ? { leaseUntil: orderedAt.add({ seconds: 360 }) } : {}),
    ...(failure ? { failureKind: failure } : {}),
  };
}

/** A window of the nights. */
export function nightOf({
  window,
  address = 'all',
  state = 'confirmed',
}: Pick<Exported, 'window' | 'address' | 'state'>): WindowEntry {
  return {
    targetId: 'acme',
    window: spanOf(window),
    filtersDigest: filtersDigest(filtersOf(address)),
    series: 'calendar',
    state,
    reason: 'routine',
    attempt: 1,
    orphans: 0,
    taskId: `task of ${window}`,
  };
}

type Given = {
  requests: AlertRequest[];
  entries?: WindowEntry[];
  now: string;
  target?: Target;
  interval?: Temporal.Duration;
};

/** What is planned, as `<start>/<end> <filters>` in the order of ordering. */
export function plannedFor({
  requests,
  entries = [],
  now,
  target: of = targetWith(),
  interval = ON_ARRIVAL,
}: Given) {
  const plan = planExports({ target: of, now: instantOf(now), requests, entries, interval });
  return {
    ...plan,
    texts: plan.exports.map(
      ({ window, filters }) => `${shortSpan(window)} ${Object.values(filters).join(' ') || 'all'}`,
    ),
  };
}

export function shortSpan({ start, end }: Span): string {
  return `${shortTime(start)}/${shortTime(end)}`;
}

function shortTime(time: Temporal.Instant): string {
  return time.toString().replace('2026-11-22T', '').replace(/:00Z$/, '');
}
