import { sortableInstant } from '../../domain/sortable-instant.ts';
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

/** What a row tells without its record. Throws for a row that this release does not understand. */
export function entryFromRow(targetId: string, row: EntryRow): WindowEntry {
  const [start, end, filtersDigest, ...more] = text(row, 'window').split('/');
  const series = more.join('/') || 'calendar';
  if (!start || !end || !filtersDigest || !isSeries(series))
    throw new Error('its name is not that of a window');
  const leaseUntil = optionalText(row, 'lease_until');
  const taskId = optionalText(row, 'task_id');
  const failureKind = optionalText(row, 'failure_kind');
  return {
    targetId,
    window: { start: sortableInstant(start), end: sortableInstant(end) },
    filtersDigest,
    series,
    state: oneOf(STATES, row, 'state'),
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

function text(row: EntryRow, column: string): string {
  const value = row[column];
  return typeof value === 'string' ? value : fault(row, column, 'text');
}

// Absent is undefined in one store and null in the other.
function optionalText(row: EntryRow, column: string): string | undefined {
  const value = row[column] ?? undefined;
  return value === undefined ? undefined : text(row, column);
}

function fault(row: EntryRow, column: string, expected: string): never {
  throw new Error(`its ${column} is ${JSON.stringify(row[column]) ?? 'missing'} and must be ${expected}`);
}
