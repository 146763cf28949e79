import { Temporal } from 'temporal-polyfill';
import * as z from 'zod/mini';
import { numberOf, type Series, type WindowEntry } from '../../domain/ledger/window-row.ts';
import { isBefore } from '../../domain/time/instant.ts';
import type { Span } from '../../domain/time/spans.ts';
import { type EntryRow, entryDetails, storedTime, windowColumn } from './rows.ts';

/** Makes a listing entry from a row's columns. If a column cannot be read, the entry is `unreadable`. */
export function entryFromRow(targetId: string, row: EntryRow): WindowEntry {
  const key = { targetId, ...keyFromRow(row) };
  const details = key.damage === undefined ? detailsFromRow(row, key.series) : { damage: key.damage };
  if (!('damage' in details)) return { ...key, ...details };
  return {
    ...key,
    ...unreadableDetails(row, key.series),
    damage: `${String(row['window'])}: ${details.damage}`,
  };
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

// The number alone says nothing of the window, and is kept although its columns cannot be read.
function keyFromColumns(series: Series, row: EntryRow): NamedWindow {
  const { window_start: start, window_end: end, filters_digest: digest } = row;
  const window = spanOf(String(start), String(end));
  const filtersDigest = z.safeParse(windowColumn.filters_digest, digest).data;
  if (window && filtersDigest !== undefined) return { window, filtersDigest, series };
  const found = JSON.stringify({ start, end, filtersDigest: digest });
  const damage = `its columns window_start, window_end and filters_digest are ${found} and must name a window`;
  return { window: window ?? NOWHERE, filtersDigest: '', series, damage };
}

const EPOCH = Temporal.Instant.fromEpochMilliseconds(0);
const NOWHERE = { start: EPOCH, end: EPOCH };

function spanOf(startText: string, endText: string): Span | undefined {
  const [start, end] = [storedTime(startText), storedTime(endText)];
  return start && end && isBefore(start, end) ? { start, end } : undefined;
}

function detailsFromRow(row: EntryRow, series: Series) {
  // What is absent is null in one store and undefined in the other.
  const given: Record<string, unknown> = {};
  for (const [column, value] of Object.entries(row))
    if (value !== null && value !== undefined) given[column] = value;
  const { data, error } = z.safeDecode(entryDetails, given as z.input<typeof entryDetails>);
  if (!data) return { damage: damageOf(row, error.issues[0]) };
  const needed = [...NEEDED[data.state], ...(numberOf(series) === undefined ? [] : ['ordered_at'])];
  const missing = needed.find((column) => given[column] === undefined);
  return missing === undefined ? data : { damage: damageOf(row, { path: [missing], message: 'text' }) };
}

// What a state cannot do without: a window that is published and has no task would never be confirmed.
const NEEDED = {
  claimed: ['lease_until'],
  submitted: ['lease_until', 'task_id'],
  published: ['task_id', 'published_at'],
  confirmed: ['task_id', 'published_at'],
  failed: ['failure_kind', 'failed_at'],
  lost: [],
};

type ColumnIssue = { path: readonly PropertyKey[]; message: string };

function damageOf(row: EntryRow, { path: [path], message }: ColumnIssue = { path: [], message: '' }): string {
  const column = String(path);
  return `its ${column} is ${JSON.stringify(row[column]) ?? 'missing'} and must be ${message}`;
}

// An export for alerts counts among those of its hour, whatever else cannot be read of it.
function unreadableDetails({ ordered_at }: EntryRow, series: Series) {
  const isNumbered = numberOf(series) !== undefined;
  const orderedAt = isNumbered ? storedTime(String(ordered_at)) : undefined;
  return {
    state: 'unreadable' as const,
    reason: isNumbered ? ('alert' as const) : ('catch-up' as const),
    attempt: 1,
    orphans: 0,
    ...(orderedAt ? { orderedAt } : {}),
  };
}
