import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { $ZodError } from 'zod/v4/core';
import { recordFromJson, recordToJson } from '../../lib/domain/stored-record.ts';

type StoredRow = Record<string, unknown>;

// Rows as releases wrote them. They stay as they are: later releases must still read them.
const firstRows = rowsOf('schema-1.json');
const rows = [...firstRows, ...rowsOf('schema-1-catch-up.json'), ...rowsOf('schema-1-alert.json')];

describe.each(rows.map((row) => [row['state'], row] as const))('a row of schema 1 that is %s', (_, row) => {
  it('is read, and written again as it was', () => {
    const record = recordFromJson(JSON.stringify(row));
    expect(record.targetId).toBe('acme-prod');
    expect(record.window.start.toString()).toBe('2026-11-22T00:00:00Z');
    expect(JSON.parse(recordToJson(record))).toEqual(row);
  });

  it.each(['attempt', 'state', 'window'])('is refused when its %s is missing', (field) => {
    const { [field]: _missing, ...incomplete } = row;
    expect(() => recordFromJson(JSON.stringify(incomplete))).toThrow($ZodError);
  });
});

it('a row without a word on orphans has none, and says none when it is written again', () => {
  const records = firstRows.map((row) => recordFromJson(JSON.stringify(row)));
  expect(records.map(({ orphans }) => orphans)).toEqual(records.map(() => 0));
  expect(records.map(recordToJson).join()).not.toContain('orphans');
});

it('a row of a shape that this release does not know is refused, not guessed at', () => {
  expect(() => recordFromJson(JSON.stringify({ ...rows[0], schema: 2 }))).toThrow(
    /a newer release wrote the row/,
  );
  expect(() => recordFromJson(JSON.stringify({ ...rows[0], state: 'archived' }))).toThrow($ZodError);
});

function rowsOf(file: string): StoredRow[] {
  return JSON.parse(readFileSync(new URL(`../fixtures/ledger/${file}`, import.meta.url), 'utf8'));
}
