import { Temporal } from 'temporal-polyfill';
import { isBefore } from '../../domain/instant.ts';
import { sortableInstant } from '../../domain/sortable-instant.ts';
import type { Span } from '../../domain/span.ts';
import { reason } from '../../domain/task-submitted.ts';
import { isSeries, type WindowEntry, type WindowRecord } from '../../domain/window-record.ts';
import type { EntryRow } from './rows.ts';

const STATES = [
  'claimed',
  'submitted',
  'announced',
  'confirmed',
  'failed',
  'lost',
] as const satisfies WindowRecord['state'][];

/** What a row tells without its record. What cannot be read of it makes the entry one that is unreadable. */
export function entryFromRow(targetId: string, row: EntryRow): WindowEntry {
  const key = { targetId, ...keyFromName(row) };
  try {
    if (key.problem !== undefined) throw new Error(key.problem);
    return { ...key, ...detailsFromRow(row) };
  } catch (cause) {
    const problem = `${String(row['window'])}: ${cause instanceof Error ? cause.message : String(cause)}`;
    return { ...key, state: 'unreadable', problem, reason: 'catch-up', attempt: 1, orphans: 0 };
  }
}

export function isWindowState(value: unknown): value is WindowRecord['state'] {
  return STATES.some((state) => state === value);
}

type NamedWindow = Pick<WindowEntry, 'window' | 'filtersDigest' | 'series'> & { problem?: string };

function keyFromName(row: EntryRow): NamedWindow {
  const [start, end, filtersDigest, ...more] = String(row['window']).split('/');
  const series = more.join('/') || 'calendar';
  const window = start && end ? spanOf(start, end) : undefined;
  if (window && filtersDigest && isSeries(series)) return { window, filtersDigest, series };
  return {
    window: NOWHERE,
    filtersDigest: '',
    series: 'calendar',
    problem: 'its name is not that of a window',
  };
}

const EPOCH = Temporal.Instant.fromEpochMilliseconds(0);
const NOWHERE = { start: EPOCH, end: EPOCH };

function spanOf(start: string, end: string): Span | undefined {
  try {
    const window = { start: sortableInstant(start), end: sortableInstant(end) };
    return isBefore(window.start, window.end) ? window : undefined;
  } catch {
    return undefined;
  }
}

function detailsFromRow(row: EntryRow) {
  const state = oneOf(STATES, row, 'state');
  const leaseUntil = neededText(row, 'lease_until', LEASED.includes(state));
  const taskId = neededText(row, 'task_id', WITH_TASK.includes(state));
  const failureKind = neededText(row, 'failure_kind', state === 'failed');
  return {
    state,
    reason: oneOf(reason.options, row, 'reason'),
    attempt: count(row, 'attempt'),
    orphans: count(row, 'orphans'),
    ...(leaseUntil ? { leaseUntil: sortableInstant(leaseUntil) } : {}),
    ...(taskId ? { taskId } : {}),
    ...(failureKind ? { failureKind } : {}),
  };
}

function oneOf<Word extends string>(words: readonly Word[], row: EntryRow, column: string): Word {
  const found = words.find((word) => word === row[column]);
  return found ?? fault(row, column, words.join(', '));
}

function count(row: EntryRow, column: string): number {
  const value = row[column];
  return typeof value === 'number' && Number.isInteger(value) ? value : fault(row, column, 'a whole number');
}

// What a state cannot do without: a window that is announced and has no task would never be confirmed.
const LEASED: readonly string[] = ['claimed', 'submitted'];
const WITH_TASK: readonly string[] = ['submitted', 'announced', 'confirmed'];

function neededText(row: EntryRow, column: string, isNeeded: boolean): string | undefined {
  const found = optionalText(row, column);
  return found === undefined && isNeeded ? fault(row, column, 'text') : found;
}

// Absent is undefined in one store and null in the other.
function optionalText(row: EntryRow, column: string): string | undefined {
  const value = row[column] ?? undefined;
  return value === undefined || typeof value === 'string' ? value : fault(row, column, 'text');
}

function fault(row: EntryRow, column: string, expected: string): never {
  throw new Error(`its ${column} is ${JSON.stringify(row[column]) ?? 'missing'} and must be ${expected}`);
}
