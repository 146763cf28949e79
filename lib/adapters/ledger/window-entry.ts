import { Temporal } from 'temporal-polyfill';
import { reason } from '../../domain/exports/message.ts';
import { numberOf, type Series, type WindowEntry, type WindowRow } from '../../domain/ledger/window-row.ts';
import { type Instant, isBefore, sortableInstant } from '../../domain/time/instant.ts';
import type { Span } from '../../domain/time/spans.ts';
import type { EntryRow } from './rows.ts';

const STATES = [
  'claimed',
  'submitted',
  'published',
  'confirmed',
  'failed',
  'lost',
] as const satisfies WindowRow['state'][];

/** What a row tells without its record. What cannot be read of it makes the entry one that is unreadable. */
export function entryFromRow(targetId: string, row: EntryRow): WindowEntry {
  const key = { targetId, ...keyFromRow(row) };
  try {
    if (key.damage !== undefined) throw new Error(key.damage);
    return { ...key, ...detailsFromRow(row, numberOf(key.series) !== undefined) };
  } catch (cause) {
    const damage = `${String(row['window'])}: ${cause instanceof Error ? cause.message : String(cause)}`;
    return { ...key, ...unreadableDetails(row, key.series), damage };
  }
}

export function isWindowState(value: unknown): value is WindowRow['state'] {
  return STATES.some((state) => state === value);
}

export function isStoredTime(value: unknown): value is string {
  return typeof value === 'string' && timeOf(value) !== undefined;
}

export function isStoredDigest(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{16}$/.test(value);
}

type NamedWindow = Pick<WindowEntry, 'window' | 'filtersDigest' | 'series'> & { damage?: string };

function keyFromRow(row: EntryRow): NamedWindow {
  const name = String(row['window']);
  return numberOf(name) === undefined ? keyFromName(name) : keyFromColumns(name as Series, row);
}

function keyFromName(name: string): NamedWindow {
  const [start, end, filtersDigest, ...more] = name.split('/');
  const window = start && end ? spanOf(start, end) : undefined;
  if (window && filtersDigest && more.length === 0) return { window, filtersDigest, series: 'calendar' };
  return {
    window: NOWHERE,
    filtersDigest: '',
    series: 'calendar',
    damage: 'its name is not that of a window',
  };
}

// The number alone says nothing of the window, and stands although its columns cannot be read.
function keyFromColumns(series: Series, row: EntryRow): NamedWindow {
  const { window_start: start, window_end: end, filters_digest: filtersDigest } = row;
  const window = spanOf(String(start), String(end));
  if (window && isStoredDigest(filtersDigest)) return { window, filtersDigest, series };
  const found = JSON.stringify({ start, end, filtersDigest });
  const damage = `its columns window_start, window_end and filters_digest are ${found} and must name a window`;
  return { window: window ?? NOWHERE, filtersDigest: '', series, damage };
}

const EPOCH = Temporal.Instant.fromEpochMilliseconds(0);
const NOWHERE = { start: EPOCH, end: EPOCH };

function spanOf(startText: string, endText: string): Span | undefined {
  const [start, end] = [timeOf(startText), timeOf(endText)];
  return start && end && isBefore(start, end) ? { start, end } : undefined;
}

function timeOf(text: string): Instant | undefined {
  try {
    return sortableInstant(text);
  } catch {
    return undefined;
  }
}

function detailsFromRow(row: EntryRow, isNumbered: boolean) {
  const state = oneOf(STATES, row, 'state');
  const leaseUntil = neededText(row, 'lease_until', LEASED.includes(state));
  const taskId = neededText(row, 'task_id', WITH_TASK.includes(state));
  const failureKind = neededText(row, 'failure_kind', state === 'failed');
  const failedAt = neededText(row, 'failed_at', state === 'failed');
  const orderedAt = neededText(row, 'ordered_at', isNumbered);
  const publishedAt = neededText(row, 'published_at', PUBLISHED.includes(state));
  return {
    state,
    reason: oneOf(reason.options, row, 'reason'),
    attempt: count(row, 'attempt'),
    orphans: count(row, 'orphans'),
    ...(leaseUntil ? { leaseUntil: sortableInstant(leaseUntil) } : {}),
    ...(taskId ? { taskId } : {}),
    ...(failureKind ? { failureKind } : {}),
    ...(failedAt ? { failedAt: sortableInstant(failedAt) } : {}),
    ...(orderedAt ? { orderedAt: sortableInstant(orderedAt) } : {}),
    ...(publishedAt ? { publishedAt: sortableInstant(publishedAt) } : {}),
  };
}

// An export for alerts counts among those of its hour, whatever else cannot be read of it.
function unreadableDetails({ ordered_at: orderedAt }: EntryRow, series: Series) {
  const isNumbered = numberOf(series) !== undefined;
  const details = {
    state: 'unreadable',
    reason: isNumbered ? 'alert' : 'catch-up',
    attempt: 1,
    orphans: 0,
  } as const;
  return isNumbered && isStoredTime(orderedAt)
    ? { ...details, orderedAt: sortableInstant(orderedAt) }
    : details;
}

function oneOf<Word extends string>(words: readonly Word[], row: EntryRow, column: string): Word {
  const found = words.find((word) => word === row[column]);
  return found ?? issue(row, column, words.join(', '));
}

function count(row: EntryRow, column: string): number {
  const value = row[column];
  return typeof value === 'number' && Number.isInteger(value) ? value : issue(row, column, 'a whole number');
}

// What a state cannot do without: a window that is published and has no task would never be confirmed.
const LEASED: readonly string[] = ['claimed', 'submitted'];
const WITH_TASK: readonly string[] = ['submitted', 'published', 'confirmed'];
const PUBLISHED: readonly string[] = ['published', 'confirmed'];

function neededText(row: EntryRow, column: string, isNeeded: boolean): string | undefined {
  const found = optionalText(row, column);
  return found === undefined && isNeeded ? issue(row, column, 'text') : found;
}

// Absent is undefined in one store and null in the other.
function optionalText(row: EntryRow, column: string): string | undefined {
  const value = row[column] ?? undefined;
  return value === undefined || typeof value === 'string' ? value : issue(row, column, 'text');
}

function issue(row: EntryRow, column: string, expected: string): never {
  throw new Error(`its ${column} is ${JSON.stringify(row[column]) ?? 'missing'} and must be ${expected}`);
}
