import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { $ZodError } from 'zod/v4/core';
import { recordFromJson, recordToJson } from '../../lib/domain/stored-record.ts';

// Rows as release 0.1.0 wrote them. They stay as they are: later releases must still read them.
const rows: Record<string, unknown>[] = JSON.parse(
  readFileSync(new URL('../fixtures/ledger/schema-1.json', import.meta.url), 'utf8'),
);

describe.each(rows.map((row) => [row['state'], row] as const))('a row of schema 1 that is %s', (_, row) => {
  it('is read, and written again as it was', () => {
    const record = recordFromJson(JSON.stringify(row));
    expect(record.targetId).toBe('acme-prod');
    expect(record.window.start.toString()).toBe('2026-11-22T00:00:00Z');
    expect(JSON.parse(recordToJson(record))).toEqual(row);
  });

  it('is refused when a field is missing', () => {
    const { attempt: _attempt, ...incomplete } = row;
    expect(() => recordFromJson(JSON.stringify(incomplete))).toThrow($ZodError);
  });
});

it('a row of a shape that this release does not know is refused, not guessed at', () => {
  expect(() => recordFromJson(JSON.stringify({ ...rows[0], schema: 2 }))).toThrow($ZodError);
});
